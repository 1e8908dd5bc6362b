-- no-transaction
-- What has waited for a project the longest, to be ended after a day.
create index concurrently if not exists whatsapp_messages_waiting_since
    on whatsapp_messages (received_at) where state = 'waiting_project';
