-- The layer between FocoBot and Foco: all that the programs know of Foco's tables. `focobot migrate`
-- makes it of these files, as fits the tables that it finds:
--   schema.sql, workspaces_*.sql, work_*.sql, rights.sql
-- Every view and function is about the signed-in user, named once a statement by
-- `(select auth.uid())` and joined to the membership, so that rows are found by index. Views are
-- security_invoker: Foco's row-level security decides beside that. Either alone keeps tenants apart.

create schema if not exists focobot;
