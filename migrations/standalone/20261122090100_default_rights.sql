-- As Supabase has it: its roles get every right on each table that is made from here on, so that a
-- table of ours that takes none away shows in the tests.
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
