-- The stand-in for Foco's own part, on an empty PostgreSQL: the schema `auth`, the roles, and the
-- tables that FocoBot reads or writes. A Foco database (Supabase) has all of this already.

do $$
declare
    wanted text;
begin
    foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            execute format('create role %I nologin', wanted);
        end if;
        -- Whoever migrates is a member, so that it can act as a user.
        if not pg_has_role(current_user, wanted, 'member') then
            execute format('grant %I to current_user', wanted);
        end if;
    end loop;
exception
    -- Roles belong to the whole server: another database of it may be migrated at this moment.
    when duplicate_object or unique_violation then null;
end
$$;

create schema if not exists auth;

create table auth.users (
    id uuid primary key default gen_random_uuid(),
    email text unique
);
comment on table auth.users is 'Accounts (Supabase Auth).';

create function auth.uid() returns uuid
language sql stable
as $$
    select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;
comment on function auth.uid() is 'The account in whose name the transaction runs; null for none.';

create table workspaces (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    slug text not null unique,
    created_at timestamptz not null default now()
);
comment on table workspaces is 'Customers'' workspaces.';

create table workspace_members (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role text not null default 'member' check (role in ('owner', 'admin', 'member', 'guest')),
    timezone text,
    display_name text,
    created_at timestamptz not null default now(),
    primary key (workspace_id, user_id)
);
comment on table workspace_members is 'Who belongs to which workspace; guests only read.';
comment on column workspace_members.timezone is 'IANA name; null where the member set none.';
create index workspace_members_user_id on workspace_members (user_id);

create table foco_projects (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    slug text not null,
    archived_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (workspace_id, slug)
);
comment on table foco_projects is 'Projects; an archived one takes no new work.';

create table work_items (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    project_id uuid not null references foco_projects (id) on delete cascade,
    title text not null,
    status text not null default 'backlog'
        check (status in ('backlog', 'next', 'in_progress', 'review', 'blocked', 'done')),
    priority text not null default 'medium'
        check (priority in ('low', 'medium', 'high', 'urgent')),
    assignee_id uuid references auth.users (id) on delete set null,
    due_date date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table work_items is 'Tasks of a project.';
create index work_items_project_id on work_items (project_id);

create table foco_proposals (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    project_id uuid not null references foco_projects (id) on delete cascade,
    owner_id uuid not null references auth.users (id) on delete cascade,
    title text not null,
    description text,
    status text not null default 'draft',
    source_type text,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table foco_proposals is 'Proposals, drafts until somebody accepts them.';
create index foco_proposals_project_id on foco_proposals (project_id);

create table foco_proposal_items (
    id uuid primary key default gen_random_uuid(),
    proposal_id uuid not null references foco_proposals (id) on delete cascade,
    position integer not null,
    type text not null default 'task' check (type in ('task', 'bug', 'feature', 'milestone')),
    title text not null,
    description text,
    status text not null default 'pending',
    priority text not null default 'medium'
        check (priority in ('low', 'medium', 'high', 'urgent')),
    estimated_hours numeric(8, 2),
    due_date date,
    assignee_id uuid references auth.users (id) on delete set null,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    unique (proposal_id, position)
);
comment on table foco_proposal_items is 'What a proposal consists of.';

-- Runs as its owner, so that the policy on workspace_members does not ask itself.
create function foco_role_in(workspace uuid) returns text
language sql stable security definer set search_path = public
as $$
    select role from workspace_members where workspace_id = workspace and user_id = auth.uid()
$$;
comment on function foco_role_in(uuid) is 'The user''s role in a workspace; null for a stranger.';

alter table auth.users enable row level security;
alter table workspaces enable row level security;
alter table workspace_members enable row level security;
alter table foco_projects enable row level security;
alter table work_items enable row level security;
alter table foco_proposals enable row level security;
alter table foco_proposal_items enable row level security;

create policy own_account on auth.users for select to authenticated using (id = auth.uid());
create policy members_read on workspaces for select to authenticated
    using (foco_role_in(id) is not null);
create policy members_read on workspace_members for select to authenticated
    using (foco_role_in(workspace_id) is not null);
create policy members_read on foco_projects for select to authenticated
    using (foco_role_in(workspace_id) is not null);
create policy members_read on work_items for select to authenticated
    using (foco_role_in(workspace_id) is not null);
create policy members_read on foco_proposals for select to authenticated
    using (foco_role_in(workspace_id) is not null);
create policy members_write on foco_proposals for insert to authenticated
    with check (owner_id = auth.uid()
        and foco_role_in(workspace_id) in ('owner', 'admin', 'member')
        and exists (select from foco_projects p
            where p.id = project_id and p.workspace_id = foco_proposals.workspace_id));
create policy owners_delete on foco_proposals for delete to authenticated
    using (owner_id = auth.uid() and foco_role_in(workspace_id) in ('owner', 'admin', 'member'));
create policy members_read on foco_proposal_items for select to authenticated
    using (exists (select from foco_proposals p where p.id = proposal_id));
create policy members_write on foco_proposal_items for insert to authenticated
    with check (exists (select from foco_proposals p
        where p.id = proposal_id and p.owner_id = auth.uid()
            and foco_role_in(p.workspace_id) in ('owner', 'admin', 'member')));

grant usage on schema public, auth to anon, authenticated, service_role;
grant select on auth.users, workspaces, workspace_members, foco_projects, work_items
    to authenticated;
grant select, insert, delete on foco_proposals to authenticated;
grant select, insert on foco_proposal_items to authenticated;
