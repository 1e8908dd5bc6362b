-- A ledger that has been used for long: `aged.messages` messages of 2,000 people, as many a day as
-- at any time, so that the larger one is the older one. With 2,000,000 of them there are 6,000,000
-- callbacks. All but the last few are settled, and nearly all that is older than a month is erased.
-- Run by a superuser, in a database that was migrated. Person 0 is the usual phone of the stories.
set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '256MB';
set client_min_messages = warning;

-- Loaded first and indexed afterwards, in a third of the time.
create temporary table later (turn int, made text);
do $$
declare one record;
begin
    for one in
        select c.conrelid::regclass::text as of, c.conname, c.contype,
            pg_get_constraintdef(c.oid) as made
        from pg_constraint c join pg_class t on t.oid = c.conrelid
        where c.connamespace = 'public'::regnamespace and t.relname like 'whatsapp%'
        order by array_position('{f,c,u,p}'::text[], c.contype::text)
    loop
        insert into later values (
            array_position('{p,u,-,c,f}'::text[], one.contype::text),
            format('alter table %s add constraint %I %s %s', one.of, one.conname, one.made,
                case when one.contype in ('f', 'c') then 'not valid' end));
        execute format('alter table %s drop constraint %I', one.of, one.conname);
    end loop;
    for one in
        select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made
        from pg_index i join pg_class t on t.oid = i.indrelid
        where t.relnamespace = 'public'::regnamespace and t.relname like 'whatsapp%'
    loop
        insert into later values (3, one.made);
        execute format('drop index %s', one.name);
    end loop;
end $$;

create function pg_temp.many() returns int language sql
    as $$ select current_setting('aged.messages')::int $$;
-- Between 0 and 1, and the same each time.
create function pg_temp.share(n int, salt int) returns float8 language sql immutable
    as $$ select (hashint4(n * 31 + salt)::float8 + 2147483648) / 4294967296 $$;
create function pg_temp.id(kind int, n int) returns uuid language sql immutable
    as $$ select (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
create function pg_temp.phone(n int) returns text language sql immutable
    as $$ select case n when 0 then '+525555550100' else '+5255550' || lpad(n::text, 5, '0') end $$;
create function pg_temp.account(n int) returns uuid language sql immutable
    as $$ select case n when 0 then '00000000-0000-4000-8000-000000000001' else pg_temp.id(2, n) end $$;

create temporary table m as
select n, 'SM' || md5('m' || n) as sid,
    -- Few write much, many write little.
    (2000 * pg_temp.share(n, 1) ^ 2)::int as who,
    now() - (pg_temp.many() - n) * interval '31.5 seconds' as at,
    (pg_temp.many() - n) * interval '31.5 seconds' > interval '30 days 8 hours' as erased,
    n > pg_temp.many() - 4000 as fresh,
    pg_temp.share(n, 2) as luck, pg_temp.share(n, 3) as luck_of_reply
from generate_series(1, pg_temp.many()) n;

insert into whatsapp_messages (message_sid, state, sender_hash, identity, wa_address, body, content,
    stream_created, stream_sequence, language, link_id, user_id, workspace_id, project_id,
    proposal_id, received_at, routed_at, parsed_at, proposed_at, replied_at, created_at, updated_at,
    traceparent, erased_at)
select sid,
    case when fresh then (array['received', 'routed', 'waiting_project', 'routed'])[1 + n % 4]
        when luck < 0.45 then 'proposed' when luck < 0.93 then 'replied'
        when luck < 0.95 then 'failed' when luck < 0.97 then 'cancelled'
        when luck < 0.99 then 'refused' when erased then 'forgotten'
        when luck < 0.991 then 'dead' else 'replied' end,
    substr(md5('h' || who), 1, 16), pg_temp.phone(who), 'whatsapp:' || pg_temp.phone(who),
    case when not erased then 'Agregar la pantalla ' || n || ' para el viernes, 8 horas' end,
    'text', now() - interval '800 days', n, 'es', pg_temp.id(1, who), pg_temp.account(who),
    case who when 0 then '00000000-0000-4000-8000-00000000000a' else pg_temp.id(3, who) end,
    case when who = 0 then '00000000-0000-4000-8000-0000000000a1'
        when luck < 0.95 then pg_temp.id(4, who * 4 + n % 4) end,
    case when luck < 0.45 and not fresh then pg_temp.id(5, n) end,
    at, case when not fresh or n % 2 = 1 then at + interval '1 second' end,
    case when luck < 0.45 then at + interval '3 seconds' end,
    case when luck < 0.45 then at + interval '3 seconds' end, at + interval '3 seconds', at, at,
    '00-' || md5('t' || n) || '-' || substr(md5('s' || n), 1, 16) || '-01',
    case when erased then at + interval '30 days' end
from m;

insert into whatsapp_message_stages
    (message_sid, stage, generation, in_work, outcome, started_at, ended_at)
select sid, stage, 1, false,
    case when erased then '{}'::jsonb
        when stage = 'parse' then '{"next": [{"to": "due/1", "due": {}}]}'
        else jsonb_build_object('next', jsonb_build_array(jsonb_build_object('to', 'parse/1',
            'request', jsonb_build_object('message_sid', sid, 'text', repeat('x', 120))))) end,
    at + interval '1 second', at + interval '2 seconds'
from m cross join (values ('route'), ('parse')) s (stage)
where stage = 'route' and (not fresh or n % 2 = 1) or stage = 'parse' and luck < 0.45 and not fresh;

-- One in ten never wrote, and was only sent a code.
insert into whatsapp_recipients
    (id, identity, sender_hash, wa_address, last_inbound_at, created_at, updated_at)
select pg_temp.id(6, who), pg_temp.phone(who), substr(md5('h' || who), 1, 16),
    'whatsapp:' || pg_temp.phone(who),
    case when who <= 18000 then now() - pg_temp.share(who, 4) * interval '60 days' end,
    now() - interval '1 day', now() - interval '1 day'
from generate_series(0, 20000) who;

insert into whatsapp_replies (id, recipient_id, message_sid, kind, notice_key, created_at, erased_at)
select pg_temp.id(7, n), pg_temp.id(6, who), case when luck_of_reply < 0.98 then sid end,
    case when luck_of_reply < 0.98 then 'final' else 'notice' end,
    case when luck_of_reply >= 0.98 then 'tried:' || n end, at + interval '3 seconds',
    case when luck_of_reply >= 0.98 and erased then at + interval '30 days' end
from m where not fresh;

insert into whatsapp_reply_parts (id, reply_id, recipient_id, part, body, state, post_attempt,
    posted_at, twilio_sid, status, error_code, accepted_at, sent_at, delivered_at, failed_at, told,
    updated_at)
select pg_temp.id(8, n), pg_temp.id(7, n), pg_temp.id(6, who), 1,
    case when erased then '…' else repeat('Propuesta creada ', 12) end, state, 1, at,
    case when state = 'accepted' then 'SM' || md5('p' || n) end,
    case when state = 'accepted' then 'read' end, case when state = 'failed' then 63016 end,
    case when state = 'accepted' then at end, at, at, case when state = 'failed' then at end,
    state = 'failed' and (erased or pg_temp.share(n, 5) < 0.9), at
from (
    select *, case when n > pg_temp.many() - 5000 then 'pending'
        when pg_temp.share(n, 4) < 0.01 then 'failed'
        when pg_temp.share(n, 4) < 0.02 and not erased then 'held' else 'accepted' end as state
    from m where not fresh) m;

insert into whatsapp_status_callbacks (twilio_sid, status, part_id, received_at)
select 'SM' || md5('p' || n), status, pg_temp.id(8, n), at + interval '5 seconds'
from m cross join (values ('sent'), ('delivered'), ('read')) s (status) where not fresh;

insert into whatsapp_dead_letters (source, message_sid, sender_hash, stage, reason, error, attempts,
    subject, payload, headers, state, dead_at, settled_at)
select 'dead:' || n, sid, substr(md5('h' || who), 1, 16),
    (array['route', 'parse', 'send'])[1 + n % 3], 'unended', 'it died', 5, 'foco.parse.x',
    case when erased then '' else '\x7b7d'::bytea end, '{}',
    case when not erased and n % 200 = 0 then 'open' when n % 2000 = 0 then 'discarded'
        else 'replayed' end,
    at, at + interval '1 hour'
from m where n % 100 = 0;

insert into whatsapp_user_links (id, user_id, phone, verified, linked_at)
select pg_temp.id(1, who), pg_temp.account(who), pg_temp.phone(who), true,
    now() - interval '700 days'
from generate_series(0, 18000) who;
insert into whatsapp_user_links
    (id, user_id, phone, verified, verification_code_hash, verification_code_expires_at)
select pg_temp.id(9, who), pg_temp.id(10, who), pg_temp.phone(who), false, md5('c' || who),
    now() - interval '1 day'
from generate_series(18001, 20000) who;
insert into whatsapp_link_codes (user_id, made_at)
select pg_temp.account(who), at from m where n > pg_temp.many() - 2700 and n % 50 = 0;
insert into whatsapp_link_events (at, event, outcome, origin, user_id, link_id, sender_hash)
select at, 'code', 'done', 'web', pg_temp.account(who), pg_temp.id(1, who),
    substr(md5('h' || who), 1, 16)
from m where n % 20 = 0;
insert into whatsapp_code_sends (id, recipient_id, link_id, expires_at, language, state, twilio_sid,
    created_at, updated_at)
select pg_temp.id(11, n), pg_temp.id(6, n / 50 % 20000), pg_temp.id(1, who), at, 'es',
    case when n > pg_temp.many() - 5000 then 'pending' else 'accepted' end, 'SM' || md5('c' || n), at, at
from m where n % 50 = 0;
insert into whatsapp_operations (command, operator, scope)
select 'dead replay', 'x', '{}' from generate_series(1, 1000);
insert into whatsapp_replays (operation_id, message_sid, repeated, generation, at)
select 1 + n % 1000, sid, 'route', 2, at from m where n % 200 = 0;

do $$
declare one text;
begin
    for one in select made from later order by turn, made loop
        execute one;
    end loop;
end $$;
-- A sample that surely has some of what is rare, so that no plan is a matter of luck.
set default_statistics_target = 1000;
analyze;
