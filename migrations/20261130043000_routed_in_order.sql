-- no-transaction
-- The requests of a sender that are on their way to be understood, in the order in which they came.
create index concurrently if not exists whatsapp_messages_routed_in_order
    on whatsapp_messages (identity, stream_created, stream_sequence) where state = 'routed';
