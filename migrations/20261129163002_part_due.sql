-- no-transaction
-- What a recipient is owed now, in the order of recipients.
create index concurrently if not exists whatsapp_reply_parts_due
    on whatsapp_reply_parts (recipient_id, updated_at)
    where state in ('pending', 'posting', 'unknown');
