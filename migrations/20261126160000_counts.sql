-- What was tried, counted by what it was: a post that Twilio surely did not take counts as neither.

alter table whatsapp_reply_parts
    add column failures integer not null default 0 check (failures >= 0),
    add column doubts integer not null default 0 check (doubts >= 0);
comment on column whatsapp_reply_parts.failures is
    'Posts that Twilio took and could not deliver, or refused for the moment; a replay begins anew.';
comment on column whatsapp_reply_parts.doubts is
    'Posts of which nobody could say what became; a replay begins anew.';

alter table whatsapp_message_stages
    add column follows integer not null default 0 check (follows >= 0);
comment on column whatsapp_message_stages.follows is
    'Attempts to do what follows from the outcome that began and never ended, the first apart.';

create index whatsapp_reply_parts_not_before on whatsapp_reply_parts (not_before)
    where state in ('pending', 'unknown');
