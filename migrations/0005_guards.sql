-- What holds whatever a program does: who numbers resources, and what is counted and held before people are removed.

-- The server may not change the schema, yet each tenant has sequences of its own. Called once for each kind of a new tenant.
create function make_number_sequence(kind text, tenant integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  name constant text := kind || '_number_' || tenant;
begin
  execute format('create sequence %I', name);
  execute format('grant usage, select, update on sequence %I to %I', name, session_user);
end $$;
