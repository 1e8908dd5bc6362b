-- no-transaction
-- The requests of a sender that are on their way to be understood.
create index concurrently if not exists whatsapp_messages_routed
    on whatsapp_messages (identity, routed_at) where state = 'routed';
