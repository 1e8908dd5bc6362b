-- Policies of the stand-in ask once a statement which workspaces are the user's. They asked once a row
-- for the role in its workspace, which took most of the time of whoever has many projects. And not in
-- SQL: PostgreSQL before 18 plans such a function anew in each statement that calls it.

create function foco_workspaces_of_user() returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp
as $$
begin
    return query
    select m.workspace_id from workspace_members m where m.user_id = auth.uid();
end
$$;
comment on function foco_workspaces_of_user() is 'Workspaces in which the user has a role.';

create or replace function foco_role_in(workspace uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp
as $$
begin
    return (select m.role from workspace_members m
        where m.workspace_id = workspace and m.user_id = auth.uid());
end
$$;

alter policy members_read on workspaces
    using (id in (select foco_workspaces_of_user()));
alter policy members_read on workspace_members
    using (workspace_id in (select foco_workspaces_of_user()));
alter policy members_read on foco_projects
    using (workspace_id in (select foco_workspaces_of_user()));
alter policy members_read on work_items
    using (workspace_id in (select foco_workspaces_of_user()));
alter policy members_read on foco_proposals
    using (workspace_id in (select foco_workspaces_of_user()));
