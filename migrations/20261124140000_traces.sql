-- The trace of a message, where the queue does not carry it: in rows that wait for somebody.

alter table whatsapp_messages add column traceparent text;
comment on column whatsapp_messages.traceparent is
    'W3C trace context in which it was first routed; null where an older release did.';
alter table whatsapp_replies add column traceparent text;
comment on column whatsapp_replies.traceparent is
    'W3C trace context in which it was written; null where an older release did.';
