-- Supabase gives its roles every right on each new table of `public`; ours have theirs one by one.
do $$
declare ours text;
begin
    for ours in
        select format('%I.%I', schemaname, tablename) from pg_tables
        where schemaname = 'public' and tablename like 'whatsapp\_%'
    loop
        execute format('revoke all on %s from anon, authenticated', ours);
    end loop;
    -- What is migrated stands in the same schema, where anybody with the public key could delete it.
    if to_regclass('public._sqlx_migrations') is not null then
        alter table public._sqlx_migrations enable row level security;
        revoke all on public._sqlx_migrations from anon, authenticated;
    end if;
end $$;

grant select (id, user_id, phone, wa_user_id, verified, linked_at, created_at, updated_at, suspended_at)
    on whatsapp_user_links to authenticated;

-- What operators look for in tables that are kept for ever.
create index whatsapp_messages_sender_hash on whatsapp_messages (sender_hash);
create index whatsapp_messages_unsettled on whatsapp_messages (state)
    where state in ('received', 'waiting_project', 'routed', 'dead');
create index whatsapp_reply_parts_open on whatsapp_reply_parts (reply_id)
    where state in ('pending', 'posting', 'unknown', 'held');
