-- no-transaction
-- Dead letters of a sender.
create index concurrently if not exists whatsapp_dead_letters_sender_hash
    on whatsapp_dead_letters (sender_hash);
