-- no-transaction
-- Callbacks that came before anybody knew what became of the post.
create index concurrently if not exists whatsapp_status_callbacks_part_id
    on whatsapp_status_callbacks (part_id);
