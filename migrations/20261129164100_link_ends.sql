-- no-transaction
-- When a sender's link ended last.
create index concurrently if not exists whatsapp_link_events_ends
    on whatsapp_link_events (sender_hash, at) where event in ('unlink', 'suspend');
