-- Recovering: what was fetched from Twilio's log, what an operator repeated, and by whom.

alter table whatsapp_messages add column recovered_at timestamptz;
comment on column whatsapp_messages.recovered_at is
    'When it was fetched from Twilio''s log; null where its webhook brought it.';
alter table whatsapp_messages add column may_be_answered boolean not null default false;
comment on column whatsapp_messages.may_be_answered is
    'Whether Twilio may have taken replies that are not known here, since the database was restored
     from a backup: its list is asked before one is sent.';

create table whatsapp_reconciliation (
    only_row boolean primary key default true check (only_row),
    watermark timestamptz,
    stream_created timestamptz,
    looked_at timestamptz,
    holder uuid,
    held_until timestamptz
);
comment on table whatsapp_reconciliation is
    'How far Twilio''s log was compared with the ledger, and who is at it. One row.';
comment on column whatsapp_reconciliation.only_row is 'There is one.';
comment on column whatsapp_reconciliation.watermark is 'Everything sent to us before it was seen.';
comment on column whatsapp_reconciliation.stream_created is
    'Creation time of the inbound stream then: in a stream that was made anew much may be missing.';
comment on column whatsapp_reconciliation.looked_at is 'When the last look ended well.';
comment on column whatsapp_reconciliation.holder is 'Who is looking now.';
comment on column whatsapp_reconciliation.held_until is 'Until when that counts.';
insert into whatsapp_reconciliation default values;

create table whatsapp_operations (
    id bigint generated always as identity primary key,
    command text not null,
    operator text not null,
    scope jsonb not null,
    report jsonb,
    began_at timestamptz not null default now(),
    ended_at timestamptz
);
comment on table whatsapp_operations is 'What operators did to messages: who, when, which.';
comment on column whatsapp_operations.id is 'The operation.';
comment on column whatsapp_operations.command is 'replay, reconcile or forget.';
comment on column whatsapp_operations.operator is 'Account on the machine, and role in the database.';
comment on column whatsapp_operations.scope is 'What was asked for; a sender is a keyed hash.';
comment on column whatsapp_operations.report is 'What came of it; null where it was cut off.';
comment on column whatsapp_operations.began_at is 'When it began.';
comment on column whatsapp_operations.ended_at is 'When it ended.';

create table whatsapp_replays (
    operation_id bigint not null references whatsapp_operations (id) on delete cascade,
    message_sid text not null references whatsapp_messages (message_sid) on delete cascade,
    repeated text not null check (repeated in ('route', 'parse', 'send')),
    generation integer not null,
    at timestamptz not null default now(),
    primary key (operation_id, message_sid, repeated)
);
comment on table whatsapp_replays is 'Which messages an operator''s replay repeated.';
comment on column whatsapp_replays.operation_id is 'The replay.';
comment on column whatsapp_replays.message_sid is 'The message.';
comment on column whatsapp_replays.repeated is 'The stage whose work was missing.';
comment on column whatsapp_replays.generation is 'The message''s generation since then.';
comment on column whatsapp_replays.at is 'When.';
create index whatsapp_replays_message_sid on whatsapp_replays (message_sid);

-- By message: whether one is among the dead letters.
create index whatsapp_dead_letters_message_sid on whatsapp_dead_letters (message_sid);

alter table whatsapp_reconciliation enable row level security;
alter table whatsapp_operations enable row level security;
alter table whatsapp_replays enable row level security;
