-- no-transaction
-- What waits until a recipient writes.
create index concurrently if not exists whatsapp_reply_parts_held
    on whatsapp_reply_parts (recipient_id) where state = 'held';
