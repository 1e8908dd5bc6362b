-- Texts are erased once they are settled and old: what was erased is not looked at again.

alter table whatsapp_messages add column erased_at timestamptz;
comment on column whatsapp_messages.erased_at is
    'When its text was erased, with what the stages captured of it and the answers to it.';
create index whatsapp_messages_with_text on whatsapp_messages (received_at)
    where erased_at is null;

alter table whatsapp_replies add column erased_at timestamptz;
comment on column whatsapp_replies.erased_at is
    'When the text of a notice was erased; an answer''s goes with its message.';
create index whatsapp_replies_notices_with_text on whatsapp_replies (created_at)
    where kind = 'notice' and erased_at is null;

create index whatsapp_dead_letters_with_payload on whatsapp_dead_letters (settled_at)
    where state <> 'open' and octet_length(payload) > 0;

comment on column whatsapp_messages.body is
    'The text; the digits of a VERIFY message are masked. Null once erased.';
comment on column whatsapp_message_stages.outcome is
    'All that follows: session, publishes. Never changed; empty once erased.';
comment on column whatsapp_reply_parts.body is
    'The text, within Twilio''s 1600 characters; an ellipsis once erased.';
comment on column whatsapp_dead_letters.payload is
    'The payload as it was; empty once erased, some time after it was settled.';
comment on column whatsapp_operations.command is 'replay, reconcile, restored or forget.';
