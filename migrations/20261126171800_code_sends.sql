-- Linking codes that are sent to a phone. The send stage makes the code as it sends it: it stands
-- in no row, and its hash only with the claim. A table of its own, which a release before this one
-- does not send from.

create table whatsapp_code_sends (
    id uuid primary key,
    recipient_id uuid not null references whatsapp_recipients (id) on delete cascade,
    link_id uuid not null references whatsapp_user_links (id) on delete cascade,
    expires_at timestamptz not null,
    language text not null check (language in ('en', 'es')),
    state text not null default 'pending'
        check (state in ('pending', 'posting', 'unknown', 'accepted', 'failed', 'void')),
    post_attempt integer not null default 0,
    not_before timestamptz,
    by_template boolean not null default false,
    other_form boolean not null default false,
    twilio_sid text unique check (twilio_sid ~ '^(SM|MM)[0-9a-f]{32}$'),
    status text,
    error_code integer,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table whatsapp_code_sends is 'Linking codes that are sent to a phone; the code is not here.';
comment on column whatsapp_code_sends.id is 'The send: the first half of ?job= in its callbacks.';
comment on column whatsapp_code_sends.recipient_id is 'Who gets it.';
comment on column whatsapp_code_sends.link_id is 'The claim that it is to prove.';
comment on column whatsapp_code_sends.expires_at is
    'When the code is void: that of the claim, or the claim has a newer code.';
comment on column whatsapp_code_sends.language is 'Language of the text around it.';
comment on column whatsapp_code_sends.state is
    'pending; posting: Twilio is or was being called; unknown: nobody can say whether it took it,
     and it is not repeated; accepted; failed; void: a newer code was asked for, or it is late.';
comment on column whatsapp_code_sends.post_attempt is 'Posts begun: each has made a code of its own.';
comment on column whatsapp_code_sends.not_before is 'Not to be posted before.';
comment on column whatsapp_code_sends.by_template is 'Free text was refused: by the template only.';
comment on column whatsapp_code_sends.other_form is
    'WhatsApp does not know the number as it stands: in its other form.';
comment on column whatsapp_code_sends.twilio_sid is 'Twilio''s message.';
comment on column whatsapp_code_sends.status is 'Twilio''s last word.';
comment on column whatsapp_code_sends.error_code is 'Twilio''s error code.';
comment on column whatsapp_code_sends.created_at is 'When it was asked for.';
comment on column whatsapp_code_sends.updated_at is 'Last change.';
create index whatsapp_code_sends_due on whatsapp_code_sends (recipient_id, created_at)
    where state in ('pending', 'posting');
create index whatsapp_code_sends_link_id on whatsapp_code_sends (link_id);
create trigger whatsapp_code_sends_updated_at before update on whatsapp_code_sends
    for each row execute function whatsapp_touch_updated_at();

alter table whatsapp_code_sends enable row level security;
