-- What is said to a person who has asked nothing: a reply without a message.

alter table whatsapp_replies alter column message_sid drop not null;
alter table whatsapp_replies drop constraint whatsapp_replies_kind_check;
alter table whatsapp_replies add constraint whatsapp_replies_kind_check
    check (kind in ('final', 'choose_project', 'working', 'waiting_model', 'failed_for_now',
        'notice'));
alter table whatsapp_replies add column notice_key text unique;
alter table whatsapp_replies add column not_after timestamptz;
alter table whatsapp_replies add constraint whatsapp_replies_answers_or_notifies
    check ((kind = 'notice') = (message_sid is null)
        and (kind = 'notice') = (notice_key is not null));
comment on table whatsapp_replies is
    'What we say: one final and at most one of each interim kind a message; and notices.';
comment on column whatsapp_replies.message_sid is 'The message that it answers; null for a notice.';
comment on column whatsapp_replies.notice_key is 'What a notice is about: said once for each key.';
comment on column whatsapp_replies.not_after is
    'When it is no use to anybody any more and is dropped; null for never.';
