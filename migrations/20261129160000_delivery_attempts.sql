-- Attempts that no other row counts: before a message is in the ledger, and of callbacks and dead
-- letters. Only what was handed out again has a row, so there are few.

create table whatsapp_delivery_attempts (
    source text primary key,
    unended integer not null check (unended >= 0),
    began_at timestamptz not null default now()
);
comment on table whatsapp_delivery_attempts is
    'Work on messages of the queue that was begun and never ended, where nothing else counts it.';
comment on column whatsapp_delivery_attempts.source is
    'Stream, its creation time and sequence, as in whatsapp_dead_letters.';
comment on column whatsapp_delivery_attempts.unended is
    'Attempts that began and have not ended, that in hand included.';
comment on column whatsapp_delivery_attempts.began_at is 'When the last of them began.';

alter table whatsapp_delivery_attempts enable row level security;
revoke all on whatsapp_delivery_attempts from anon, authenticated;

comment on column whatsapp_reply_parts.doubts is
    'Posts of which nobody could say what became, and refusals of Twilio''s list that would tell; a replay begins anew.';
