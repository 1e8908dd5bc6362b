-- no-transaction
-- A recipient by the hash in logs and subjects.
create index concurrently if not exists whatsapp_recipients_sender_hash
    on whatsapp_recipients (sender_hash);
