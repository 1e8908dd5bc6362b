-- no-transaction
-- What waits for a project under a link, to be cancelled as that ends.
create index concurrently if not exists whatsapp_messages_waiting_of_link
    on whatsapp_messages (link_id) where state = 'waiting_project';
