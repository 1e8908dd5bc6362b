-- no-transaction
-- An account's links and claims.
create index concurrently if not exists whatsapp_user_links_user_id
    on whatsapp_user_links (user_id);
