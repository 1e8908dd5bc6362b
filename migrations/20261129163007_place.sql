-- no-transaction
-- A sender's messages in the order in which they came.
create index concurrently if not exists whatsapp_messages_place
    on whatsapp_messages (identity, stream_created, stream_sequence);
