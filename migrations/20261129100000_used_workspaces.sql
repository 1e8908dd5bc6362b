-- no-transaction
-- Where a user last wrote: lists show it first.
create index concurrently if not exists whatsapp_messages_used_workspaces
    on whatsapp_messages (user_id, workspace_id, received_at) where workspace_id is not null;
