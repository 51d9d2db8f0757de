-- The journal is sealed after it was written: each row gets a place in a chain of hashes. Decision 0014.

-- Readers go through it in windows of transactions (decision 0004), the sealer in the order of this index.
create index journal_xact_idx on journal (tenant, xact, sequence);
create index journal_person_idx on journal (tenant, person) where person is not null;
-- Rows lie in the order of their times, so a range of times is a range of pages.
create index journal_at_idx on journal using brin (at) with (autosummarize = on);

-- One row for each sealed row of the journal. What an erasure takes away is sealed through hashes of its own, each with
-- a salt that goes with it: then the hash tells nobody what was there, and the chain holds. since: rows up to this
-- sequence number were sealed before the database was restored, which gave its transactions lower ids again.
create table journal_seal (
  tenant integer not null,
  position bigint not null,
  sequence bigint not null,
  xact xid8 not null,
  since bigint not null,
  sealed_at timestamptz(3) not null,
  changes_hash bytea not null,
  changes_salt bytea,
  address_hash bytea,
  address_salt bytea,
  chain_hash bytea not null,
  constraint journal_seal_pkey primary key (tenant, position),
  constraint journal_seal_sequence_key unique (tenant, sequence)
);

-- Where the chain of a tenant begins once its oldest rows were kept for long enough: the last seal of those that went,
-- behind which the chain goes on when nothing else is kept. highest, latest_at: the highest sequence number and the latest time that went.
create table journal_anchor (
  tenant integer not null references tenant constraint journal_anchor_pkey primary key,
  position bigint not null,
  sequence bigint not null,
  xact xid8 not null,
  since bigint not null,
  chain_hash bytea not null,
  highest bigint not null,
  latest_at timestamptz(3) not null,
  moved_at timestamptz(3) not null default now()
);

-- One row: for how many days the journal (null: for ever) and the request log are kept. The owner writes the settings here at a start;
-- the server reads it alone, so whoever takes the server over cannot say that everything is old enough to go.
-- journal_unlimited_since: when the journal was last set to be kept for ever; no beginning of a chain moves after that.
create table retention (
  journal_days integer,
  journal_unlimited_since timestamptz(3) not null default now(),
  request_log_days integer not null,
  constraint retention_journal_days_check check (journal_days >= 1),
  constraint retention_request_log_days_check check (request_log_days >= 0)
);
insert into retention (request_log_days) values (30);

-- The server may only add to the journal; an owner who serves has given the other rights up. Two functions lend them.
create function lend_journal(lend boolean) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  if lend then
    -- Two that change the rights of one table at once fail.
    perform pg_advisory_xact_lock(hashtext('lend_journal'));
    execute format('grant update, delete on journal, journal_seal to %I', current_user);
  else
    execute format('revoke update, delete on journal, journal_seal from %I', current_user);
  end if;
end $$;
revoke all on function lend_journal from public;

-- Takes what is personal out of the rows about one person, and his address out of those that he wrote. It works only
-- beside a row of the same transaction that says so. The sealer stands still meanwhile. Gives how many rows it changed.
create function erase_from_journal(of_tenant integer, of_person uuid) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  told constant bigint := (select max(j.sequence) from journal j where j.tenant = of_tenant and j.resource = of_person
    and j.action = 'erased' and j.xact = pg_current_xact_id());
  lent constant boolean := not has_table_privilege('journal', 'update') or not has_table_privilege('journal_seal', 'update');
  rows_about bigint[];
  rows_by bigint[];
begin
  if told is null then
    raise exception 'an erasure needs its own row in the journal';
  end if;
  perform pg_advisory_xact_lock(hashtext('journal_seal'), of_tenant);
  if lent then perform lend_journal(true); end if;
  with emptied as (
    update journal j set changes = '[]', address = null
    where j.tenant = of_tenant and j.resource = of_person and j.sequence < told
      and (j.changes <> '[]' or j.address is not null) returning j.sequence
  ) select coalesce(array_agg(sequence), '{}') into rows_about from emptied;
  with emptied as (
    update journal j set address = null
    where j.tenant = of_tenant and j.person = of_person and j.sequence < told and j.address is not null
    returning j.sequence
  ) select coalesce(array_agg(sequence), '{}') into rows_by from emptied;
  update journal_seal s set changes_salt = null, address_salt = null where s.tenant = of_tenant and s.sequence = any(rows_about);
  update journal_seal s set address_salt = null where s.tenant = of_tenant and s.sequence = any(rows_by);
  if lent then perform lend_journal(false); end if;
  return cardinality(rows_about) + cardinality(rows_by);
end $$;

-- Removes up to so many of the oldest sealed rows that are older than the retention, and moves the beginning of the chain.
-- Rows go in the order of the chain, so one that is young enough keeps all behind it. Gives how many rows went.
create function drop_old_journal(of_tenant integer, rows_max integer) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  lent constant boolean := not has_table_privilege('journal', 'delete') or not has_table_privilege('journal_seal', 'delete');
  days integer;
  last_gone bigint;
  gone bigint[];
begin
  -- Held, so that nothing goes once it was said that the journal is kept for ever.
  select r.journal_days into days from retention r for share;
  if days is null then return 0; end if;
  perform pg_advisory_xact_lock(hashtext('journal_seal'), of_tenant);
  select max(position) into last_gone from (
    select s.position, bool_and(coalesce(j.at < now() - make_interval(days => days), false)) over (order by s.position) as old
    from (select * from journal_seal x where x.tenant = of_tenant order by x.position limit rows_max) s
    left join journal j on j.tenant = s.tenant and j.sequence = s.sequence
  ) oldest where old;
  if last_gone is null then return 0; end if;
  if lent then perform lend_journal(true); end if;
  insert into journal_anchor as a (tenant, position, sequence, xact, since, chain_hash, highest, latest_at)
    select s.tenant, s.position, s.sequence, s.xact, s.since, s.chain_hash, old.highest, old.latest_at
    from journal_seal s, (
      select max(j.sequence) as highest, max(j.at) as latest_at
      from journal_seal g join journal j on j.tenant = g.tenant and j.sequence = g.sequence
      where g.tenant = of_tenant and g.position <= last_gone
    ) old where s.tenant = of_tenant and s.position = last_gone
    on conflict (tenant) do update set position = excluded.position, sequence = excluded.sequence, xact = excluded.xact,
      since = excluded.since, chain_hash = excluded.chain_hash, highest = greatest(a.highest, excluded.highest),
      latest_at = greatest(a.latest_at, excluded.latest_at), moved_at = now();
  with removed as (
    delete from journal_seal s where s.tenant = of_tenant and s.position <= last_gone returning s.sequence
  ) select array_agg(sequence) into gone from removed;
  delete from journal j where j.tenant = of_tenant and j.sequence = any(gone);
  if lent then perform lend_journal(false); end if;
  return cardinality(gone);
end $$;
