-- The roll: people, groups, org units, and who may ask about them. Every key begins with the tenant.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create table tenant (
  tenant integer generated always as identity primary key,
  name text not null constraint tenant_name_key unique,
  created_at timestamptz(3) not null default now()
);

-- An integration: who is asking, in which dialect, with which rights.
create table connection (
  tenant integer not null references tenant,
  id uuid not null,
  name text not null,
  dialect text not null,
  profile text not null,
  rights text[] not null,
  created_at timestamptz(3) not null default now(),
  revoked_at timestamptz(3),
  constraint connection_pkey primary key (tenant, id)
);
create unique index connection_name_key on connection (tenant, name) where revoked_at is null;

-- The one table that is looked up without a tenant: it says which tenant a token belongs to.
create table credential (
  hash bytea constraint credential_pkey primary key,
  tenant integer not null,
  connection uuid not null,
  prefix text not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  constraint credential_connection_fkey foreign key (tenant, connection) references connection
);
create index credential_connection_idx on credential (tenant, connection);

-- document holds the attributes as JSON, in the shape that SCIM answers; the columns hold what the database itself must know.
create table app_user (
  tenant integer not null references tenant,
  id uuid not null,
  number bigint not null,
  object_id text not null,
  version bigint not null default 1,
  created_at timestamptz(3) not null default now(),
  modified_at timestamptz(3) not null default now(),
  active boolean not null,
  has_references boolean not null,
  label text not null,
  user_name_key text collate "C" not null,
  document text not null,
  constraint app_user_pkey primary key (tenant, id),
  constraint app_user_user_name_key unique (tenant, user_name_key),
  constraint app_user_number_key unique (tenant, number),
  constraint app_user_object_id_key unique (tenant, object_id)
);
create index app_user_modified_at_idx on app_user (tenant, modified_at, id);
create index app_user_created_at_idx on app_user (tenant, created_at, id);
create index app_user_inactive_idx on app_user (tenant, id) where not active;

create table app_group (
  tenant integer not null references tenant,
  id uuid not null,
  number bigint not null,
  object_id text not null,
  version bigint not null default 1,
  created_at timestamptz(3) not null default now(),
  modified_at timestamptz(3) not null default now(),
  has_references boolean not null,
  label text not null,
  document text not null,
  constraint app_group_pkey primary key (tenant, id),
  constraint app_group_number_key unique (tenant, number),
  constraint app_group_object_id_key unique (tenant, object_id)
);
create index app_group_modified_at_idx on app_group (tenant, modified_at, id);
create index app_group_created_at_idx on app_group (tenant, created_at, id);

create table org_unit (
  tenant integer not null references tenant,
  id uuid not null,
  number bigint not null,
  object_id text not null,
  version bigint not null default 1,
  created_at timestamptz(3) not null default now(),
  modified_at timestamptz(3) not null default now(),
  has_references boolean not null,
  label text not null,
  document text not null,
  constraint org_unit_pkey primary key (tenant, id),
  constraint org_unit_number_key unique (tenant, number),
  constraint org_unit_object_id_key unique (tenant, object_id)
);
create index org_unit_modified_at_idx on org_unit (tenant, modified_at, id);
create index org_unit_created_at_idx on org_unit (tenant, created_at, id);

-- What filters ask about: one row for each value of each filterable path. text_key is the folded value, number_key a number,
-- a time in milliseconds or a flag. element says which values stand in the same element of a multi-valued attribute.
-- The btree holds only the beginning of long text; the trigram index is paid by free text alone (searchable). search_key
-- is text_key for the trigram index, where it has other than ASCII characters: there the database's locale must not matter.
-- The index on owners begins with the owner: one that began with the tenant would look cheap to walk from end to end.
create table attribute_value (
  tenant integer not null,
  path text collate "C" not null,
  owner uuid not null,
  element smallint not null,
  searchable boolean not null,
  text_key text collate "C",
  search_key text collate "C",
  number_key double precision
);
create index attribute_value_owner_idx on attribute_value (owner, tenant, path);
create index attribute_value_text_idx on attribute_value (tenant, path, left(text_key, 128)) where text_key is not null;
create index attribute_value_number_idx on attribute_value (tenant, path, number_key) where number_key is not null;
create index attribute_value_search_idx on attribute_value using gin (
  tenant, path, coalesce(search_key, text_key) gin_trgm_ops
) where searchable;

-- Members of groups. kind says what the member is: one of the two references holds.
create table group_member (
  tenant integer not null,
  group_id uuid not null,
  member uuid not null,
  kind text not null constraint group_member_kind_check check (kind in ('User', 'Group')),
  user_id uuid generated always as (case when kind = 'User' then member end) stored,
  nested_group_id uuid generated always as (case when kind = 'Group' then member end) stored,
  constraint group_member_pkey primary key (tenant, group_id, member),
  constraint group_member_group_fkey foreign key (tenant, group_id) references app_group,
  constraint group_member_user_fkey foreign key (tenant, user_id) references app_user,
  constraint group_member_nested_group_fkey foreign key (tenant, nested_group_id) references app_group
);
create index group_member_user_idx on group_member (tenant, user_id, group_id) where user_id is not null;
create index group_member_nested_group_idx on group_member (tenant, nested_group_id, group_id)
  where nested_group_id is not null;

-- The label that one connection put on one resource, as sent and as it is compared; nobody else's business. body_hash recognises a create that is sent again.
create table external_id (
  tenant integer not null,
  connection uuid not null,
  kind text not null,
  resource uuid not null,
  value text not null,
  value_key text collate "C" not null,
  body_hash bytea,
  created_at timestamptz(3) not null default now(),
  constraint external_id_pkey primary key (tenant, connection, kind, resource)
);
create index external_id_value_idx on external_id (tenant, connection, kind, value_key);
create index external_id_resource_idx on external_id (tenant, resource);

-- Ids that people, groups and org units had in a system that this one replaces.
create table brought_id (
  tenant integer not null,
  dialect text not null,
  kind text not null,
  key text collate "C" not null,
  resource uuid not null,
  constraint brought_id_pkey primary key (tenant, dialect, kind, key)
);
create index brought_id_resource_idx on brought_id (tenant, resource);

-- What was deleted, so that none of its ids is ever given to another.
create table tombstone (
  tenant integer not null,
  id uuid not null,
  kind text not null,
  number bigint not null,
  object_id text not null,
  deleted_at timestamptz(3) not null default now(),
  constraint tombstone_pkey primary key (tenant, id)
);

-- How many resources there are, kept in sixteen slots so that creates do not wait for one another.
create table resource_count (
  tenant integer not null,
  kind text not null,
  slot smallint not null,
  count bigint not null,
  constraint resource_count_pkey primary key (tenant, kind, slot)
) with (fillfactor = 50);

-- Every change once. xact tells readers which rows may still be missing below the highest sequence number.
create table journal (
  tenant integer not null,
  sequence bigint generated always as identity,
  xact xid8 not null default pg_current_xact_id(),
  at timestamptz(3) not null default now(),
  connection uuid,
  dialect text not null,
  request_id text not null,
  kind text not null,
  resource uuid not null,
  action text not null,
  changes text not null,
  members uuid[],
  constraint journal_pkey primary key (tenant, sequence)
);
create index journal_resource_idx on journal (tenant, resource, sequence);
create index journal_member_idx on journal using gin (members) where members is not null;
