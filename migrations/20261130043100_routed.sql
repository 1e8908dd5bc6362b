-- no-transaction
-- whatsapp_messages_routed_in_order is in its place.
drop index concurrently if exists whatsapp_messages_routed;
