-- What failed, with all that is needed to look at it and to replay it.

create table whatsapp_dead_letters (
    id bigint generated always as identity primary key,
    source text not null unique,
    message_sid text,
    sender_hash text,
    stage text not null,
    reason text not null,
    error text not null,
    attempts integer not null,
    subject text not null,
    payload bytea not null,
    headers jsonb not null,
    state text not null default 'open' check (state in ('open', 'replayed', 'discarded')),
    dead_at timestamptz not null default now(),
    settled_at timestamptz,
    settled_by text
);
comment on table whatsapp_dead_letters is 'Messages that a stage gave up on.';
comment on column whatsapp_dead_letters.id is 'The dead letter, as operators name it.';
comment on column whatsapp_dead_letters.source is 'Stream, its creation time and sequence: filed once.';
comment on column whatsapp_dead_letters.message_sid is 'The message, where it could be told.';
comment on column whatsapp_dead_letters.sender_hash is 'The sender''s keyed hash, from the subject.';
comment on column whatsapp_dead_letters.stage is 'The stage that gave up.';
comment on column whatsapp_dead_letters.reason is 'Class: undecodable, unended, failed, ...';
comment on column whatsapp_dead_letters.error is 'What went wrong, without content.';
comment on column whatsapp_dead_letters.attempts is 'How many attempts there were.';
comment on column whatsapp_dead_letters.subject is 'Where it was taken from, and goes back to.';
comment on column whatsapp_dead_letters.payload is 'The payload as it was.';
comment on column whatsapp_dead_letters.headers is 'The headers as they were.';
comment on column whatsapp_dead_letters.state is 'open, replayed or discarded.';
comment on column whatsapp_dead_letters.dead_at is 'When it was filed.';
comment on column whatsapp_dead_letters.settled_at is 'When it was replayed or discarded.';
comment on column whatsapp_dead_letters.settled_by is 'Who did.';
create index whatsapp_dead_letters_open on whatsapp_dead_letters (dead_at) where state = 'open';

alter table whatsapp_dead_letters enable row level security;
