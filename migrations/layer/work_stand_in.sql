-- Projects, tasks and proposals, of the stand-in for Foco's tables.

create view focobot.my_projects with (security_invoker = true) as
select p.id, p.workspace_id, w.name as workspace, p.name, w.timezone,
    p.updated_at as active_at
from focobot.my_workspaces w
join public.foco_projects p on p.workspace_id = w.id
where p.archived_at is null;

create view focobot.my_tasks with (security_invoker = true) as
select t.id, t.project_id, t.title, t.status, t.priority, t.due_date, t.assignee_id,
    t.updated_at as active_at
from focobot.my_projects p
join public.work_items t on t.project_id = p.id
where t.status <> 'done';

create function focobot.propose(proposal jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into public.foco_proposals (id, workspace_id, project_id, owner_id, title, description,
        status, source_type, metadata)
    select (proposal ->> 'id')::uuid, p.workspace_id, p.id, (select auth.uid()),
        proposal ->> 'title', proposal ->> 'text', 'draft', 'whatsapp', proposal -> 'provenance'
    from focobot.my_projects p
    join focobot.my_workspaces w on w.id = p.workspace_id
    where p.id = (proposal ->> 'project_id')::uuid
        and p.workspace_id = (proposal ->> 'workspace_id')::uuid
        and w.role in ('owner', 'admin', 'member');
    if not found then
        raise insufficient_privilege using message = 'not a project in which this user proposes';
    end if;
    insert into public.foco_proposal_items (proposal_id, position, type, title, description,
        priority, estimated_hours, due_date, assignee_id, metadata)
    select (proposal ->> 'id')::uuid, item.position, item.kind, item.title, item.description,
        item.priority, round(item.hours::numeric, 2), item.due, item.assignee_id,
        jsonb_build_object('depends_on', item.depends_on)
    from jsonb_to_recordset(proposal -> 'items') as item (position integer, kind text, title text,
        description text, priority text, hours float8, due date, assignee_id uuid,
        depends_on jsonb);
end
$$;

create function focobot.take_back(proposal uuid) returns table (title text, items bigint)
language sql
set search_path = ''
as $$
    with taken as (
        delete from public.foco_proposals p
        where p.id = take_back.proposal and p.status = 'draft'
            and p.owner_id = (select auth.uid())
            and exists (select from focobot.my_workspaces w
                where w.id = p.workspace_id and w.role in ('owner', 'admin', 'member'))
        returning p.id, p.title)
    select t.title, (select count(*) from public.foco_proposal_items i where i.proposal_id = t.id)
    from taken t
$$;

create function focobot.forget(proposal uuid) returns text
language plpgsql
set search_path = ''
as $$
begin
    delete from public.foco_proposals p where p.id = forget.proposal and p.status = 'draft';
    if found then
        return 'deleted';
    end if;
    -- Titles are the team's by now; what an item quotes word for word is not.
    update public.foco_proposal_items i set description = null
    from public.foco_proposals p
    where p.id = forget.proposal and p.status <> 'draft' and i.proposal_id = p.id
        and strpos(p.description, i.description) > 0;
    update public.foco_proposals p
    set description = null, metadata = p.metadata - 'assumptions'
    where p.id = forget.proposal and p.status <> 'draft';
    return case when found then 'kept' end;
exception
    -- Foco's tables need not be ours.
    when insufficient_privilege then return null;
end
$$;
