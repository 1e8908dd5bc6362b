-- Who a phone belongs to.

create function whatsapp_touch_updated_at() returns trigger
language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end
$$;
comment on function whatsapp_touch_updated_at() is 'Keeps updated_at true on FocoBot''s tables.';

create table whatsapp_user_links (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    wa_user_id text check (wa_user_id <> ''),
    verified boolean not null default false,
    verification_code_hash text,
    verification_code_expires_at timestamptz,
    verification_attempts integer not null default 0 check (verification_attempts >= 0),
    linked_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint whatsapp_user_links_verified_names_a_sender
        check (not verified or (linked_at is not null and (phone is not null or wa_user_id is not null)))
);
comment on table whatsapp_user_links is
    'Which WhatsApp sender is which Foco account. A row is a claim until it is verified.';
comment on column whatsapp_user_links.id is 'The link.';
comment on column whatsapp_user_links.user_id is 'The Foco account.';
comment on column whatsapp_user_links.phone is 'Canonical E.164; null where WhatsApp hides it.';
comment on column whatsapp_user_links.wa_user_id is 'WhatsApp''s business-scoped id, where known.';
comment on column whatsapp_user_links.verified is 'Whether the sender proved to be the account.';
comment on column whatsapp_user_links.verification_code_hash is
    'Keyed hash of the code; the code itself is stored nowhere.';
comment on column whatsapp_user_links.verification_code_expires_at is 'Ten minutes after making.';
comment on column whatsapp_user_links.verification_attempts is 'Wrong codes; five void the code.';
comment on column whatsapp_user_links.linked_at is 'When it was verified.';
comment on column whatsapp_user_links.created_at is 'When the link was asked for.';
comment on column whatsapp_user_links.updated_at is 'Last change.';

create unique index whatsapp_user_links_one_link_per_user
    on whatsapp_user_links (user_id) where verified;
create unique index whatsapp_user_links_one_claim_per_user
    on whatsapp_user_links (user_id) where not verified;
create unique index whatsapp_user_links_phone on whatsapp_user_links (phone) where verified;
create unique index whatsapp_user_links_wa_user_id
    on whatsapp_user_links (wa_user_id) where verified;
create index whatsapp_user_links_claims on whatsapp_user_links (phone) where not verified;

create trigger whatsapp_user_links_updated_at before update on whatsapp_user_links
    for each row execute function whatsapp_touch_updated_at();

create table whatsapp_link_codes (
    id bigint generated always as identity primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    made_at timestamptz not null default now()
);
comment on table whatsapp_link_codes is 'When codes were made: five an hour and account.';
comment on column whatsapp_link_codes.id is 'The code''s making.';
comment on column whatsapp_link_codes.user_id is 'The account that asked.';
comment on column whatsapp_link_codes.made_at is 'When.';
create index whatsapp_link_codes_user_id on whatsapp_link_codes (user_id, made_at);

alter table whatsapp_user_links enable row level security;
alter table whatsapp_link_codes enable row level security;
create policy own_links on whatsapp_user_links for select to authenticated
    using (user_id = auth.uid());
grant select (id, user_id, phone, wa_user_id, verified, linked_at, created_at, updated_at)
    on whatsapp_user_links to authenticated;
