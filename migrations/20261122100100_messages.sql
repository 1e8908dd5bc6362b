-- The ledger: one row per message, for ever; and the state of every stage that works on it.

create table whatsapp_messages (
    message_sid text primary key check (message_sid ~ '^(SM|MM)[0-9a-f]{32}$'),
    generation integer not null default 1 check (generation >= 1),
    state text not null default 'received' check (state in ('received', 'waiting_project',
        'routed', 'proposed', 'replied', 'failed', 'dead', 'cancelled', 'refused', 'forgotten')),
    sender_hash text,
    identity text,
    wa_address text,
    body text,
    content text,
    stream_created timestamptz,
    stream_sequence bigint,
    language text check (language in ('en', 'es')),
    link_id uuid,
    user_id uuid,
    workspace_id uuid,
    project_id uuid,
    proposal_id uuid,
    error_code text,
    received_at timestamptz not null,
    routed_at timestamptz,
    parsed_at timestamptz,
    proposed_at timestamptz,
    replied_at timestamptz,
    failed_at timestamptz,
    dead_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table whatsapp_messages is 'Every message that reached us, and its story.';
comment on column whatsapp_messages.message_sid is 'Twilio''s identifier, unique for ever.';
comment on column whatsapp_messages.generation is 'Raised by a replay; what is older is done with.';
comment on column whatsapp_messages.state is 'Where it stands; refused, cancelled, forgotten are final.';
comment on column whatsapp_messages.sender_hash is 'The sender''s keyed hash, as in subjects and logs.';
comment on column whatsapp_messages.identity is 'Canonical phone or business-scoped id.';
comment on column whatsapp_messages.wa_address is 'Twilio''s From as it came: replies go there.';
comment on column whatsapp_messages.body is 'The text; the digits of a VERIFY message are masked.';
comment on column whatsapp_messages.content is 'Kind of message: text, image, audio, ...';
comment on column whatsapp_messages.stream_created is 'Creation time of the inbound stream it is in.';
comment on column whatsapp_messages.stream_sequence is 'Its place in that stream: the sender''s order.';
comment on column whatsapp_messages.language is 'Language of the message and its replies.';
comment on column whatsapp_messages.link_id is 'The link by which the sender was known.';
comment on column whatsapp_messages.user_id is 'The account in whose name it was carried out.';
comment on column whatsapp_messages.workspace_id is 'Workspace chosen when it was routed.';
comment on column whatsapp_messages.project_id is 'Project chosen when it was routed.';
comment on column whatsapp_messages.proposal_id is 'The proposal made of it.';
comment on column whatsapp_messages.error_code is 'Why it failed, as a word or Twilio''s code.';
comment on column whatsapp_messages.received_at is 'When the webhook came.';
comment on column whatsapp_messages.routed_at is 'When it was routed.';
comment on column whatsapp_messages.parsed_at is 'When its text was understood.';
comment on column whatsapp_messages.proposed_at is 'When its proposal was stored.';
comment on column whatsapp_messages.replied_at is 'When its final reply was written.';
comment on column whatsapp_messages.failed_at is 'When it failed for good.';
comment on column whatsapp_messages.dead_at is 'When it was filed as a dead letter.';
comment on column whatsapp_messages.created_at is 'When the row was made.';
comment on column whatsapp_messages.updated_at is 'Last change.';
create index whatsapp_messages_waiting on whatsapp_messages (identity, stream_created, stream_sequence)
    where state = 'waiting_project';
create index whatsapp_messages_received_at on whatsapp_messages (received_at);
create index whatsapp_messages_identity on whatsapp_messages (identity, received_at);
create trigger whatsapp_messages_updated_at before update on whatsapp_messages
    for each row execute function whatsapp_touch_updated_at();

create table whatsapp_message_stages (
    message_sid text not null references whatsapp_messages (message_sid) on delete cascade,
    stage text not null check (stage in ('route', 'parse')),
    generation integer not null,
    attempt integer not null default 1,
    unended integer not null default 0,
    in_work boolean not null default true,
    outcome jsonb,
    last_error text,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (message_sid, stage)
);
comment on table whatsapp_message_stages is
    'A stage''s work on a message: attempts fence each other, the outcome is recorded once.';
comment on column whatsapp_message_stages.message_sid is 'The message.';
comment on column whatsapp_message_stages.stage is 'The stage.';
comment on column whatsapp_message_stages.generation is 'The message''s generation when last claimed.';
comment on column whatsapp_message_stages.attempt is 'Raised by every claim; only the highest may record.';
comment on column whatsapp_message_stages.unended is 'Attempts of this generation that began and never ended.';
comment on column whatsapp_message_stages.in_work is 'Whether the last attempt has not ended yet.';
comment on column whatsapp_message_stages.outcome is 'All that follows: session, publishes. Never changed.';
comment on column whatsapp_message_stages.last_error is 'Why the last attempt ended without an outcome.';
comment on column whatsapp_message_stages.started_at is 'When the last attempt began.';
comment on column whatsapp_message_stages.ended_at is 'When the outcome was recorded.';

create index whatsapp_message_stages_ended_at on whatsapp_message_stages (stage, ended_at);

alter table whatsapp_messages enable row level security;
alter table whatsapp_message_stages enable row level security;
