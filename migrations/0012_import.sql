-- Bringing people and groups along from a system that is replaced (decision 0021).

-- From now on numbers of this kind are higher than those that were brought along. Who gets a number meanwhile waits: his
-- would be given twice.
create function move_numbers_past(kind text, tenant integer, highest bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  name constant text := kind || '_number_' || tenant;
begin
  if kind not in ('app_user', 'app_group', 'org_unit') then
    raise exception 'there is nothing to number in %', kind using errcode = 'invalid_parameter_value';
  end if;
  if coalesce(pg_sequence_last_value(name::regclass), 0) >= highest then
    return;
  end if;
  -- Changes nothing, but takes the lock that keeps others from taking a number.
  execute format('alter sequence %I owned by none', name);
  if coalesce(pg_sequence_last_value(name::regclass), 0) < highest then
    perform setval(name::regclass, highest);
  end if;
end $$;
