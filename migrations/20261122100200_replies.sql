-- What we say: written before it is sent, one final reply a message, parts in order.

create table whatsapp_recipients (
    id uuid primary key,
    identity text not null unique,
    sender_hash text not null,
    wa_address text not null,
    last_inbound_at timestamptz,
    attempt integer not null default 0,
    held_until timestamptz,
    unended integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table whatsapp_recipients is 'Who we write to; one post in flight for each.';
comment on column whatsapp_recipients.id is 'The recipient, as the queue names it.';
comment on column whatsapp_recipients.identity is 'Canonical phone or business-scoped id.';
comment on column whatsapp_recipients.sender_hash is 'Keyed hash of the identity.';
comment on column whatsapp_recipients.wa_address is 'Where replies go: the last From as it came.';
comment on column whatsapp_recipients.last_inbound_at is 'WhatsApp''s 24 hours count from here.';
comment on column whatsapp_recipients.attempt is 'Raised by every claim; only the highest may post.';
comment on column whatsapp_recipients.held_until is 'Until when a worker holds the recipient.';
comment on column whatsapp_recipients.unended is 'Claims in a row that began and never ended.';
comment on column whatsapp_recipients.created_at is 'First contact.';
comment on column whatsapp_recipients.updated_at is 'Last change.';
create trigger whatsapp_recipients_updated_at before update on whatsapp_recipients
    for each row execute function whatsapp_touch_updated_at();

create table whatsapp_replies (
    id uuid primary key,
    position bigint generated always as identity unique,
    recipient_id uuid not null references whatsapp_recipients (id) on delete cascade,
    message_sid text not null references whatsapp_messages (message_sid) on delete cascade,
    kind text not null check (kind in ('final', 'choose_project', 'working', 'waiting_model',
        'failed_for_now')),
    created_at timestamptz not null default now(),
    constraint whatsapp_replies_one_of_a_kind unique (message_sid, kind)
);
comment on table whatsapp_replies is 'Answers: one final and at most one of each interim kind a message.';
comment on column whatsapp_replies.id is 'The reply.';
comment on column whatsapp_replies.position is 'Order in which a recipient gets them.';
comment on column whatsapp_replies.recipient_id is 'Who gets it.';
comment on column whatsapp_replies.message_sid is 'The message that it answers.';
comment on column whatsapp_replies.kind is 'Final, or which interim kind.';
comment on column whatsapp_replies.created_at is 'When it was written.';
create index whatsapp_replies_recipient_id on whatsapp_replies (recipient_id, position);

create table whatsapp_reply_parts (
    id uuid primary key,
    reply_id uuid not null references whatsapp_replies (id) on delete cascade,
    part integer not null check (part >= 1),
    body text not null check (length(body) between 1 and 1600),
    state text not null default 'pending'
        check (state in ('pending', 'posting', 'unknown', 'accepted', 'held', 'failed')),
    post_attempt integer not null default 0,
    posted_at timestamptz,
    resent boolean not null default false,
    not_before timestamptz,
    twilio_sid text unique check (twilio_sid ~ '^(SM|MM)[0-9a-f]{32}$'),
    status text,
    error_code integer,
    accepted_at timestamptz,
    sent_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    failed_at timestamptz,
    told boolean not null default false,
    updated_at timestamptz not null default now(),
    unique (reply_id, part)
);
comment on table whatsapp_reply_parts is 'The messages that a reply consists of; each is posted once.';
comment on column whatsapp_reply_parts.id is 'The part: the first half of ?job= in its callbacks.';
comment on column whatsapp_reply_parts.reply_id is 'The reply.';
comment on column whatsapp_reply_parts.part is 'Its place in the reply, from 1.';
comment on column whatsapp_reply_parts.body is 'The text, within Twilio''s 1600 characters.';
comment on column whatsapp_reply_parts.state is
    'pending; posting: Twilio is or was being called; unknown: nobody can say whether it took it;
     accepted: Twilio has it; held: until the user writes; failed: for good.';
comment on column whatsapp_reply_parts.post_attempt is 'Posts begun: the second half of ?job=.';
comment on column whatsapp_reply_parts.posted_at is 'When the last post began.';
comment on column whatsapp_reply_parts.resent is 'Posted once more after nobody could say what became of it.';
comment on column whatsapp_reply_parts.not_before is 'Not to be looked at again before.';
comment on column whatsapp_reply_parts.twilio_sid is 'Twilio''s message; no two parts share one.';
comment on column whatsapp_reply_parts.status is 'Twilio''s last word: queued, sent, delivered, read, ...';
comment on column whatsapp_reply_parts.error_code is 'Twilio''s error code.';
comment on column whatsapp_reply_parts.accepted_at is 'When Twilio took it.';
comment on column whatsapp_reply_parts.sent_at is 'When Twilio passed it on.';
comment on column whatsapp_reply_parts.delivered_at is 'When it arrived.';
comment on column whatsapp_reply_parts.read_at is 'When it was read.';
comment on column whatsapp_reply_parts.failed_at is 'When it failed for good.';
comment on column whatsapp_reply_parts.told is 'Whether the person was told that it failed.';
comment on column whatsapp_reply_parts.updated_at is 'Last change.';
create trigger whatsapp_reply_parts_updated_at before update on whatsapp_reply_parts
    for each row execute function whatsapp_touch_updated_at();

create table whatsapp_status_callbacks (
    twilio_sid text not null,
    status text not null,
    part_id uuid,
    error_code integer,
    received_at timestamptz not null,
    primary key (twilio_sid, status)
);
comment on table whatsapp_status_callbacks is 'Every callback once: they repeat and overtake each other.';
comment on column whatsapp_status_callbacks.twilio_sid is 'The message that we sent.';
comment on column whatsapp_status_callbacks.status is 'Twilio''s word.';
comment on column whatsapp_status_callbacks.part_id is 'The part, by its ?job=.';
comment on column whatsapp_status_callbacks.error_code is 'Twilio''s error code.';
comment on column whatsapp_status_callbacks.received_at is 'When it came.';

alter table whatsapp_recipients enable row level security;
alter table whatsapp_replies enable row level security;
alter table whatsapp_reply_parts enable row level security;
alter table whatsapp_status_callbacks enable row level security;
