-- What a user last wrote for: lists show it first.
create index whatsapp_messages_used on whatsapp_messages (user_id, project_id, received_at)
    where project_id is not null;
