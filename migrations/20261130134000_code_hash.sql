-- no-transaction
-- Whether what looks like a code in a text is one that is live, whoever it was made for.
create index concurrently if not exists whatsapp_user_links_code
    on whatsapp_user_links (verification_code_hash) where not verified;
