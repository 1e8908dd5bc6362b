-- no-transaction
-- Claims, by when their code is void.
create index concurrently if not exists whatsapp_user_links_void
    on whatsapp_user_links (verification_code_expires_at) where not verified;
