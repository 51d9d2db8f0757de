-- What holds whatever a program does: who numbers resources, and what is counted and held before people are removed.

-- The server may not change the schema, yet each tenant has sequences of its own. Called once for each kind of a new tenant.
create function make_number_sequence(kind text, tenant integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  name constant text := kind || '_number_' || tenant;
begin
  if kind not in ('app_user', 'app_group', 'org_unit') then
    raise exception 'there is nothing to number in %', kind using errcode = 'invalid_parameter_value';
  end if;
  execute format('create sequence %I', name);
  execute format('grant usage, select, update on sequence %I to %I', name, session_user);
end $$;

-- A protected account is one for emergencies: no API changes who it is or ends it. last_writer is the connection that wrote
-- the person last: whose people they are, as far as the guard is concerned.
alter table app_user
  add column protected boolean not null default false,
  add column last_writer uuid;
create index app_user_last_writer_idx on app_user (tenant, last_writer) where active;

-- Whom a connection deactivated or deleted lately.
create index journal_removes_idx on journal (tenant, connection, at) include (resource) where removes;

-- What one connection may still do without counting: so many removals (spare) until spare_until; nothing before
-- full_until. removed and base are what was counted last. Decision 0016.
create table removal_guard (
  tenant integer not null,
  connection uuid not null,
  spare integer not null default 0,
  spare_until timestamptz(3) not null default '-infinity',
  full_until timestamptz(3) not null default '-infinity',
  removed bigint not null default 0,
  base bigint not null default 0,
  constraint removal_guard_pkey primary key (tenant, connection)
);

-- Who was not deactivated or deleted since the guard held it, or was although it was one too many (passed).
-- tries: how often since the log told of it.
create table held_removal (
  tenant integer not null,
  connection uuid not null,
  person uuid not null,
  passed boolean not null,
  request_id text not null,
  at timestamptz(3) not null default now(),
  told boolean not null default false,
  tries integer not null default 1,
  constraint held_removal_pkey primary key (tenant, connection, person)
);
create index held_removal_told_idx on held_removal (tenant, connection) where not told;
