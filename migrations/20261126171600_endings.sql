-- The end of a link, and who did what to links.

alter table whatsapp_user_links add column suspended_at timestamptz;
comment on column whatsapp_user_links.suspended_at is
    'Since when the number is known to have changed hands: until a new VERIFY the link is nobody''s
     and holds nothing. Null while it stands.';
-- The account that it is of may see that.
grant select (suspended_at) on whatsapp_user_links to authenticated;

create table whatsapp_ended_links (
    link_id uuid primary key,
    sender_hashes text[] not null,
    ended_at timestamptz not null default now()
);
comment on table whatsapp_ended_links is
    'Links that ended and whose conversations are still to be cleared in Redis.';
comment on column whatsapp_ended_links.link_id is 'The link that was.';
comment on column whatsapp_ended_links.sender_hashes is
    'The keyed hashes under which its conversations may be kept.';
comment on column whatsapp_ended_links.ended_at is 'When it ended.';

create table whatsapp_link_events (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    event text not null check (event in ('code', 'verify', 'link', 'unlink', 'suspend', 'lock',
        'unlock')),
    outcome text not null,
    origin text not null check (origin in ('web', 'chat', 'operator', 'system')),
    user_id uuid,
    link_id uuid,
    sender_hash text,
    message_sid text,
    operator text
);
comment on table whatsapp_link_events is
    'Who linked and unlinked what, and what was refused; no code and no phone is in here.';
comment on column whatsapp_link_events.id is 'The event.';
comment on column whatsapp_link_events.at is 'When.';
comment on column whatsapp_link_events.event is
    'code: one was asked for; verify: one was tried; link, unlink, suspend: of a link; lock,
     unlock: of a sender who tries codes.';
comment on column whatsapp_link_events.outcome is
    'done, or why not: wrong_code, too_many_attempts, locked, phone_taken, too_many_codes,
     cannot_deliver; of an unlink why: asked, replaced, changed_hands.';
comment on column whatsapp_link_events.origin is 'Where from: web, chat, operator or system.';
comment on column whatsapp_link_events.user_id is 'The account, where it is known.';
comment on column whatsapp_link_events.link_id is 'The link or claim, where there is one.';
comment on column whatsapp_link_events.sender_hash is 'The sender''s keyed hash, where it is known.';
comment on column whatsapp_link_events.message_sid is 'The message that did it, in the chat.';
comment on column whatsapp_link_events.operator is 'Who did it, where an operator did.';
create index whatsapp_link_events_user_id on whatsapp_link_events (user_id, at);
create index whatsapp_link_events_sender_hash on whatsapp_link_events (sender_hash, at);

alter table whatsapp_ended_links enable row level security;
alter table whatsapp_link_events enable row level security;
