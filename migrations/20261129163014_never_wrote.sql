-- no-transaction
-- Recipients who never wrote, whom nothing was done for since.
create index concurrently if not exists whatsapp_recipients_never_wrote
    on whatsapp_recipients (updated_at) where last_inbound_at is null;
