-- Since PostgreSQL 16, whoever makes a role may give it to others, and is a member that may neither
-- use its rights nor become it. Whoever migrates has made the three roles, or is given them.
do $$
declare
    wanted text;
    may_become boolean;
begin
    if current_setting('server_version_num')::integer < 160000 then
        return;
    end if;
    foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
        -- The older versions do not know this kind of right.
        execute 'select pg_has_role(current_user, $1, ''set'')
                and pg_has_role(current_user, $1, ''usage'')'
            into may_become using wanted;
        if not may_become then
            execute format('grant %I to current_user with set true, inherit true', wanted);
        end if;
    end loop;
exception
    -- Somebody else made them: `focobot migrate` says who has to give them.
    when insufficient_privilege then null;
end
$$;
