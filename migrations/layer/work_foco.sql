-- Projects, tasks and proposals, as Foco keeps them. Its app archives a project by its status; an
-- older way is the date. Each workspace has a project "Workspace Root" that is the app's own.
-- {work_items.updated_at} is the time of a task's last change where this Foco keeps one.

create view focobot.my_projects with (security_invoker = true) as
select p.id, p.workspace_id, w.name as workspace, p.name::text as name,
    w.timezone, p.updated_at as active_at
from focobot.my_workspaces w
join public.foco_projects p on p.workspace_id = w.id
where p.archived_at is null and coalesce(p.status::text, 'active') <> 'archived'
    and p.name::text <> 'Workspace Root';

create view focobot.my_tasks with (security_invoker = true) as
select t.id, t.project_id, t.title::text as title, coalesce(t.status::text, 'backlog') as status,
    nullif(t.priority::text, 'none') as priority, t.due_date, t.assignee_id,
    {work_items.updated_at} as active_at
from focobot.my_projects p
join public.work_items t on t.project_id = p.id
where coalesce(t.status::text, 'backlog') <> 'done';

-- Foco takes four kinds of source, and WhatsApp is none of them: what was written is `text`. A
-- trigger of Foco's makes a draft `pending_review` with its first item.
create function focobot.propose(proposal jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into public.proposals (id, workspace_id, project_id, created_by, title, description,
        status, source_type, source_content, ai_analysis)
    select (proposal ->> 'id')::uuid, p.workspace_id, p.id, (select auth.uid()),
        proposal ->> 'title', proposal ->> 'text', 'draft', 'text',
        jsonb_build_object('channel', 'whatsapp', 'text', proposal -> 'text',
            'message_sid', proposal #> '{provenance,message_sid}'),
        proposal -> 'provenance'
    from focobot.my_projects p
    join focobot.my_workspaces w on w.id = p.workspace_id
    where p.id = (proposal ->> 'project_id')::uuid
        and p.workspace_id = (proposal ->> 'workspace_id')::uuid
        and w.role in ('owner', 'admin', 'member');
    if not found then
        raise insufficient_privilege using message = 'not a project in which this user proposes';
    end if;
    insert into public.proposal_items (proposal_id, position, action, entity_type, proposed_state,
        ai_estimate, ai_assignment, approval_status)
    select (proposal ->> 'id')::uuid, (item ->> 'position')::integer, 'add',
        case item ->> 'kind' when 'milestone' then 'milestone' else 'task' end,
        jsonb_build_object('type', item -> 'kind', 'title', item -> 'title',
            'description', item -> 'description', 'status', 'backlog',
            'priority', item -> 'priority', 'due_date', item -> 'due',
            'estimate_hours', item -> 'hours', 'assignee_id', item -> 'assignee_id',
            'project_id', proposal -> 'project_id', 'depends_on', item -> 'depends_on'),
        jsonb_build_object('hours', item -> 'hours'),
        jsonb_build_object('assignee_id', item -> 'assignee_id'),
        'pending'
    from jsonb_array_elements(proposal -> 'items') as item;
end
$$;

-- What may be taken back: a proposal of the user's that came this way, of which nobody has decided
-- anything yet.
create function focobot.undecided(proposal uuid) returns boolean
language sql stable
set search_path = ''
as $$
    select exists (
        select from public.proposals p
        where p.id = undecided.proposal and p.created_by = (select auth.uid())
            and p.status in ('draft', 'pending_review')
            and p.resolved_at is null and p.source_content ->> 'channel' = 'whatsapp'
            and not exists (select from public.proposal_items i
                where i.proposal_id = p.id and i.approval_status <> 'pending'))
$$;

-- Foco lets a member delete a draft only, and its trigger leaves none: so this one is deleted by the
-- owner of the layer, in the name of whoever made it, and nothing else is.
create function focobot.take_back_own(proposal uuid) returns text
language plpgsql security definer
set search_path = ''
as $$
declare
    taken text;
begin
    delete from public.proposals p
    where p.id = take_back_own.proposal and focobot.undecided(p.id)
        and exists (select from focobot.my_workspaces w
            where w.id = p.workspace_id and w.role in ('owner', 'admin', 'member'))
    returning p.title::text into taken;
    return taken;
exception
    -- Who owns the layer may not: it stays as it is.
    when insufficient_privilege then return null;
end
$$;

create function focobot.take_back(proposal uuid) returns table (title text, items bigint)
language plpgsql
set search_path = ''
as $$
begin
    select count(*) into items
    from public.proposal_items i where i.proposal_id = take_back.proposal;
    delete from public.proposals p
    where p.id = take_back.proposal and focobot.undecided(p.id)
        and exists (select from focobot.my_workspaces w
            where w.id = p.workspace_id and w.role in ('owner', 'admin', 'member'))
    returning p.title::text into title;
    if title is null then
        title := focobot.take_back_own(take_back.proposal);
    end if;
    if title is not null then
        return next;
    end if;
end
$$;

create function focobot.forget(proposal uuid) returns text
language plpgsql
set search_path = ''
as $$
begin
    delete from public.proposals p
    where p.id = forget.proposal and p.status in ('draft', 'pending_review')
        and p.resolved_at is null and p.source_content ->> 'channel' = 'whatsapp'
        and not exists (select from public.proposal_items i
            where i.proposal_id = p.id and i.approval_status <> 'pending');
    if found then
        return 'deleted';
    end if;
    -- Titles are the team's by now; what an item quotes word for word is not.
    update public.proposal_items i set proposed_state = i.proposed_state - 'description'
    from public.proposals p
    where p.id = forget.proposal and i.proposal_id = p.id
        and strpos(p.description, i.proposed_state ->> 'description') > 0;
    update public.proposals p
    set description = null, source_content = p.source_content - 'text',
        ai_analysis = p.ai_analysis - 'assumptions'
    where p.id = forget.proposal;
    return case when found then 'kept' end;
exception
    -- Foco's tables need not be ours.
    when insufficient_privilege then return null;
end
$$;
