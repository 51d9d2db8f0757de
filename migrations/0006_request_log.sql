-- What every client sent and what was answered, for some days. Rows are written in batches after the answers, so they are no
-- part of a change and may be missing after a crash; the journal never is.

create sequence request_log_sequence;

-- A partition holds one day, so that old days go without touching a row. Tenant 0 has the calls whose tenant nobody knows:
-- those without a valid credential; no tenant has that number. Reads of one resource by its id are the most by far and are found
-- by their time: each index costs as much as the row, so what they could be found by otherwise is not indexed for them.
create table request_log (
  tenant integer not null,
  at timestamptz(3) not null,
  sequence bigint not null default nextval('request_log_sequence'),
  request_id text not null,
  dialect text not null,
  connection uuid,
  -- The signed-in user who asked.
  person uuid,
  address text,
  user_agent text,
  method text not null,
  route text not null,
  -- Path and query, without secrets.
  path text not null,
  status smallint not null,
  fault text,
  detail text,
  duration_ms real not null,
  -- The user, group or org unit that it was about.
  resource uuid,
  -- What the client sent, without secrets, cut where it is long.
  body text,
  skipped text[],
  changed text[],
  constraint request_log_pkey primary key (tenant, at, sequence)
) partition by range (at);
create index request_log_request_idx on request_log (tenant, request_id)
  where resource is null or method <> 'GET' or status >= 400;
create index request_log_resource_idx on request_log (tenant, resource, at)
  where resource is not null and (method <> 'GET' or status >= 400);
create index request_log_person_idx on request_log (tenant, person, at) where person is not null;
create index request_log_connection_idx on request_log (tenant, connection, at);
create index request_log_failed_idx on request_log (tenant, at, sequence) where status >= 400;

-- Whose data was erased a few minutes ago, and how requests that hold something of him are known: rows of the log that still
-- waited in the memory of a server then are emptied once they are there. A row goes when none can wait any more.
create table erasure (
  tenant integer not null,
  person uuid not null,
  request_ids text[] not null,
  texts text[] not null,
  -- Whether calls whose tenant nobody knows are looked through by his texts too.
  everywhere boolean not null,
  erased_at timestamptz(3) not null default now(),
  again_at timestamptz(3) not null,
  constraint erasure_pkey primary key (tenant, person)
);

-- Which changes came of a request. Not a hash index: a client that sends the same id with each request would make one
-- chain of all its rows, which every insert walks.
create index journal_request_idx on journal (tenant, request_id);

-- Makes the partitions of the days ahead, and drops those older than the retention; with 0 days it drops all and makes none.
-- The server has no right to change the schema, so this does it with the owner's. False: another process is at it.
create function retain_request_log() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  days constant integer := (select r.request_log_days from retention r);
  today constant date := (now() at time zone 'UTC')::date;
  day date;
begin
  if not pg_try_advisory_xact_lock(5261966118) then
    return false;
  end if;
  for day in
    select to_date(right(c.relname, 8), 'YYYYMMDD') from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'request_log'::regclass
  loop
    if days <= 0 or day < today - days then
      execute format('drop table %I', 'request_log_' || to_char(day, 'YYYYMMDD'));
    end if;
  end loop;
  if days <= 0 then
    return true;
  end if;
  -- From yesterday, for what began before midnight; some days ahead, so that nothing is lost when this fails for a while.
  for day in select today + ahead from generate_series(-1, 3) as ahead loop
    if to_regclass('request_log_' || to_char(day, 'YYYYMMDD')) is null then
      execute format(
        'create table %I partition of request_log for values from (%L) to (%L)',
        'request_log_' || to_char(day, 'YYYYMMDD'), day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
    end if;
  end loop;
  return true;
end $$;

select retain_request_log();
