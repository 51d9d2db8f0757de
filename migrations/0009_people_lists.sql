-- What the APIs beside SCIM list people by: their names or their numbers, with the ids that their clients know.

-- The first names and the last name as they are compared, each behind a 0, or a 1 where there is none; chr(1) between them.
-- The program writes it (src/store/name-key.ts); its byte order is the order of lists by name.
alter table app_user add column name_key text collate "C" not null default '1' || chr(1) || '1';

update app_user u set name_key =
  coalesce((
    select '0' || left(v.text_key, 128) from attribute_value v
    where v.owner = u.id and v.tenant = u.tenant and v.path = 'User.name.givenName'
  ), '1') || chr(1) ||
  coalesce((
    select '0' || left(v.text_key, 128) from attribute_value v
    where v.owner = u.id and v.tenant = u.tenant and v.path = 'User.name.familyName'
  ), '1')
  where exists (
    select from attribute_value v
    where v.owner = u.id and v.tenant = u.tenant and v.path in ('User.name.givenName', 'User.name.familyName')
  );

-- A page far behind is found without reading the people before it.
create index app_user_name_idx on app_user (tenant, name_key, number) include (id, active);
alter table app_user
  drop constraint app_user_number_key,
  add constraint app_user_number_key unique (tenant, number) include (id, active);

-- Which id a resource brought along for a dialect is asked for everybody on a page.
drop index brought_id_resource_idx;
create index brought_id_resource_idx on brought_id (tenant, resource, dialect, kind, key);

-- Clients of Metabase know group 1 as everybody and group 2 as the superusers, so no other has these numbers. Until now
-- no API showed the number of a group.
do $$
declare
  own tenant;
  name text;
begin
  for own in select * from tenant loop
    name := 'app_group_number_' || own.tenant;
    continue when to_regclass(name) is null;
    perform setval(name::regclass, 3, false) from pg_sequences s
      where s.schemaname = 'public' and s.sequencename = name and coalesce(s.last_value, 0) < 3;
    update app_group g set number = nextval(name::regclass) where g.tenant = own.tenant and g.number < 3;
  end loop;
end $$;

create or replace function make_number_sequence(kind text, tenant integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  name constant text := kind || '_number_' || tenant;
  first constant integer := case when kind = 'app_group' then 3 else 1 end;
begin
  if kind not in ('app_user', 'app_group', 'org_unit') then
    raise exception 'there is nothing to number in %', kind using errcode = 'invalid_parameter_value';
  end if;
  execute format('create sequence %I start %s', name, first);
  execute format('grant usage, select, update on sequence %I to %I', name, session_user);
end $$;
