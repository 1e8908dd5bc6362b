-- no-transaction
-- What failed and its recipient has not been told of.
create index concurrently if not exists whatsapp_reply_parts_untold
    on whatsapp_reply_parts (recipient_id) where state = 'failed' and not told;
