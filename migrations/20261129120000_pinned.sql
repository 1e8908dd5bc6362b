-- Supabase gives its roles every right on each new sequence and function of `public` too: they are
-- taken back from ours. And our function finds what it calls whatever search path a session has.

alter function whatsapp_touch_updated_at() set search_path = pg_catalog, pg_temp;
revoke all on function whatsapp_touch_updated_at() from public, anon, authenticated;

revoke all on sequence
    whatsapp_link_codes_id_seq,
    whatsapp_replies_position_seq,
    whatsapp_dead_letters_id_seq,
    whatsapp_operations_id_seq,
    whatsapp_link_events_id_seq
from public, anon, authenticated;
