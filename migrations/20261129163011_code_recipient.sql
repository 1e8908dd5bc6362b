-- no-transaction
-- Codes that were sent to a recipient.
create index concurrently if not exists whatsapp_code_sends_recipient_id
    on whatsapp_code_sends (recipient_id);
