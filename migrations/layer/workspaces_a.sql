-- Workspaces and their members, as Foco kept them first (`workspaces`, `workspace_members`). A role
-- of null is no access. A time zone of UTC is the column's default and nobody's choice.

create view focobot.my_workspaces with (security_invoker = true) as
select w.id, w.name::text as name, m.role::text as role,
    coalesce(
        nullif(m.timezone::text, 'UTC'),
        (select nullif(to_jsonb(p) ->> 'timezone', 'UTC')
            from public.user_profiles p where p.user_id = m.user_id limit 1)
    ) as timezone
from public.workspace_members m
join public.workspaces w on w.id = m.workspace_id
where m.user_id = (select auth.uid()) and m.role is not null;

-- The column of a name has had two names, so it is asked for by name.
create function focobot.account_names(workspace uuid)
returns table (user_id uuid, name text)
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return query
    select m.user_id,
        coalesce(
            (select coalesce(nullif(btrim(to_jsonb(p) ->> 'display_name'), ''),
                    nullif(btrim(to_jsonb(p) ->> 'full_name'), ''))
                from public.user_profiles p where p.user_id = m.user_id limit 1),
            (select nullif(split_part(u.email::text, '@', 1), '')
                from auth.users u where u.id = m.user_id))
    from public.workspace_members m
    where m.workspace_id = workspace and m.role is not null
        and exists (
            select from public.workspace_members mine
            where mine.workspace_id = workspace and mine.user_id = (select auth.uid())
                and mine.role is not null);
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
    select m.user_id,
        coalesce(
            a.name,
            (select coalesce(nullif(btrim(to_jsonb(p) ->> 'display_name'), ''),
                    nullif(btrim(to_jsonb(p) ->> 'full_name'), ''))
                from public.user_profiles p where p.user_id = m.user_id limit 1))
    from public.workspace_members m
    left join focobot.account_names(workspace) a on a.user_id = m.user_id
    where m.workspace_id = workspace and m.role is not null
        and exists (select from focobot.my_workspaces w where w.id = workspace);
end
$$;
