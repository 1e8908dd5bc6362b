-- no-transaction
-- When a recipient was last sent a notice.
create index concurrently if not exists whatsapp_replies_notices
    on whatsapp_replies (recipient_id, created_at) where kind = 'notice';
