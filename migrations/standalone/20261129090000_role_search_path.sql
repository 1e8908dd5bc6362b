-- Nothing that a session makes for itself stands in for what the function asks.
alter function foco_role_in(uuid) set search_path = public, pg_temp;
