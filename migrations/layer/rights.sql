-- What each part is, and who may use it: signed-in people, and nobody without an account.

comment on schema focobot is 'What FocoBot knows of Foco; made by focobot migrate.';
comment on view focobot.my_workspaces is 'The user''s workspaces.';
comment on column focobot.my_workspaces.id is 'The workspace.';
comment on column focobot.my_workspaces.name is 'As people see it.';
comment on column focobot.my_workspaces.role is
    'The user''s: owner, admin, member (who may propose), guest.';
comment on column focobot.my_workspaces.timezone is
    'The user''s, an IANA name; null where none was chosen.';
comment on view focobot.my_projects is 'Open projects in the user''s workspaces.';
comment on column focobot.my_projects.id is 'The project.';
comment on column focobot.my_projects.workspace_id is 'Whose it is.';
comment on column focobot.my_projects.workspace is 'The workspace''s name.';
comment on column focobot.my_projects.name is 'As people see it.';
comment on column focobot.my_projects.timezone is 'The user''s in that workspace, as above.';
comment on column focobot.my_projects.active_at is 'Its last change; may be null.';
comment on view focobot.my_tasks is 'Open tasks in the user''s projects.';
comment on column focobot.my_tasks.id is 'The task.';
comment on column focobot.my_tasks.project_id is 'The project it belongs to.';
comment on column focobot.my_tasks.title is 'What is to be done.';
comment on column focobot.my_tasks.status is 'backlog, next, in_progress, review or blocked.';
comment on column focobot.my_tasks.priority is 'urgent, high, medium or low; null for none.';
comment on column focobot.my_tasks.due_date is 'The day by which it is done.';
comment on column focobot.my_tasks.assignee_id is 'Who does it; null for nobody yet.';
comment on column focobot.my_tasks.active_at is 'Its last change; null where Foco keeps none.';
comment on function focobot.account_names(uuid) is
    'Names of a workspace''s members, for members only: from profiles, else of their addresses the
     part before the @. Runs as its owner, since accounts are not readable by other users.';
comment on function focobot.members(uuid) is
    'A workspace''s members and their names, for members only.';
comment on function focobot.propose(jsonb) is
    'Stores a proposal with its items, in the user''s name: {id, workspace_id, project_id, title,
     text, provenance, items: [{position, kind, title, description, priority, hours, due,
     assignee_id, depends_on}]}. Refused (42501) where the user may not propose.';
comment on function focobot.take_back(uuid) is
    'Deletes a proposal of the user''s that nobody has decided on; its title and how many items it
     had, or no row.';
comment on function focobot.forget(uuid) is
    'For operators: deletes what nobody has decided on, else takes the person''s words out of it;
     deleted, kept or null.';

grant usage on schema focobot to authenticated;
grant select on focobot.my_workspaces, focobot.my_projects, focobot.my_tasks
    to authenticated;
revoke all on all functions in schema focobot from public, anon, authenticated;
grant execute on all functions in schema focobot to authenticated;
revoke all on function focobot.forget(uuid) from authenticated;
