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

-- What every column holds.
comment on column auth.users.id is 'The account.';
comment on column auth.users.email is 'Its address; null where it signed up otherwise.';
comment on column workspaces.id is 'The workspace.';
comment on column workspaces.name is 'As people see it.';
comment on column workspaces.slug is 'As addresses show it.';
comment on column workspaces.created_at is 'When it was made.';
comment on column workspace_members.workspace_id is 'The workspace.';
comment on column workspace_members.user_id is 'The account.';
comment on column workspace_members.role is 'owner, admin, member or guest.';
comment on column workspace_members.display_name is 'As colleagues see the member; null where none is set.';
comment on column workspace_members.created_at is 'When the member joined.';
comment on column foco_projects.id is 'The project.';
comment on column foco_projects.workspace_id is 'Whose it is.';
comment on column foco_projects.name is 'As people see it.';
comment on column foco_projects.slug is 'As addresses show it.';
comment on column foco_projects.archived_at is 'Since when it takes no new work; null while it does.';
comment on column foco_projects.created_at is 'When it was made.';
comment on column foco_projects.updated_at is 'Last change.';
comment on column work_items.id is 'The task.';
comment on column work_items.workspace_id is 'Whose it is.';
comment on column work_items.project_id is 'The project it belongs to.';
comment on column work_items.title is 'What is to be done.';
comment on column work_items.status is 'backlog, next, in_progress, review, blocked or done.';
comment on column work_items.priority is 'low, medium, high or urgent.';
comment on column work_items.assignee_id is 'Who does it; null for nobody yet.';
comment on column work_items.due_date is 'The day by which it is done.';
comment on column work_items.created_at is 'When it was made.';
comment on column work_items.updated_at is 'Last change.';
comment on column foco_proposals.id is 'The proposal.';
comment on column foco_proposals.workspace_id is 'Whose it is.';
comment on column foco_proposals.project_id is 'The project it is for.';
comment on column foco_proposals.owner_id is 'Who asked for it.';
comment on column foco_proposals.title is 'What it is about, in a line.';
comment on column foco_proposals.description is 'The request as it was made.';
comment on column foco_proposals.status is 'draft until somebody decides.';
comment on column foco_proposals.source_type is 'Where it came from: whatsapp.';
comment on column foco_proposals.metadata is 'How it came about.';
comment on column foco_proposals.created_at is 'When it was made.';
comment on column foco_proposals.updated_at is 'Last change.';
comment on column foco_proposal_items.id is 'The item.';
comment on column foco_proposal_items.proposal_id is 'The proposal it belongs to.';
comment on column foco_proposal_items.position is 'Its place, from 1.';
comment on column foco_proposal_items.type is 'task, bug, feature or milestone.';
comment on column foco_proposal_items.title is 'What is to be done.';
comment on column foco_proposal_items.description is 'Further words; may be empty.';
comment on column foco_proposal_items.status is 'pending until somebody decides.';
comment on column foco_proposal_items.priority is 'low, medium, high or urgent.';
comment on column foco_proposal_items.estimated_hours is 'Working hours; null where nobody stated or estimated any.';
comment on column foco_proposal_items.due_date is 'The day by which it is done.';
comment on column foco_proposal_items.assignee_id is 'Who does it; null for nobody yet.';
comment on column foco_proposal_items.metadata is 'Which items come first, and the like.';
comment on column foco_proposal_items.created_at is 'When it was made.';

create function foco_touch_updated_at() returns trigger
language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end
$$;
comment on function foco_touch_updated_at() is 'Keeps updated_at true.';
create trigger foco_projects_updated_at before update on foco_projects
    for each row execute function foco_touch_updated_at();
create trigger work_items_updated_at before update on work_items
    for each row execute function foco_touch_updated_at();
create trigger foco_proposals_updated_at before update on foco_proposals
    for each row execute function foco_touch_updated_at();

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
