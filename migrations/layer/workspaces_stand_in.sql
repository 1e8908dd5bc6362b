-- Workspaces and their members, of the stand-in for Foco's tables.

create view focobot.my_workspaces with (security_invoker = true) as
select w.id, w.name, m.role, m.timezone
from public.workspace_members m
join public.workspaces w on w.id = m.workspace_id
where m.user_id = (select auth.uid());

create function focobot.account_names(workspace uuid)
returns table (user_id uuid, name text)
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return query
    select m.user_id,
        coalesce(nullif(btrim(m.display_name), ''), nullif(split_part(u.email, '@', 1), ''))
    from public.workspace_members m
    join auth.users u on u.id = m.user_id
    where m.workspace_id = workspace
        and exists (
            select from public.workspace_members mine
            where mine.workspace_id = workspace and mine.user_id = (select auth.uid()));
exception
    -- The owner of the layer may not read accounts: names are as the user sees them.
    when insufficient_privilege then return;
end
$$;

-- Not in SQL: PostgreSQL before 18 plans such a function anew in each statement that calls it.
create function focobot.members(workspace uuid)
returns table (user_id uuid, name text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select m.user_id, coalesce(a.name, nullif(btrim(m.display_name), ''))
    from public.workspace_members m
    left join focobot.account_names(workspace) a on a.user_id = m.user_id
    where m.workspace_id = workspace
        and exists (select from focobot.my_workspaces w where w.id = workspace);
end
$$;
