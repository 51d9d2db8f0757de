-- What Metabase's clients know beside people and groups: memberships by a number, and API keys, which are connections with a group.

-- The number of a membership. It begins anew with each membership and is never given to another.
alter table group_member
  add column number bigint generated always as identity,
  add constraint group_member_number_key unique (tenant, number);

-- A connection that was made as a key of a group. number is what clients call the key, user_number the id of the user that
-- the key is to them: one of the numbers of people, whom it never meets. Without group_id it is a key of the superusers
-- (administers) or of everybody; of everybody also when its group is gone. Decision 0020.
create table api_key (
  tenant integer not null,
  connection uuid not null,
  number bigint generated always as identity,
  user_number bigint not null,
  administers boolean not null,
  group_id uuid,
  -- Who changed it last: a connection, or a person who was signed in.
  updated_at timestamptz(3) not null default now(),
  updated_by_connection uuid,
  updated_by_person uuid,
  constraint api_key_pkey primary key (tenant, connection),
  constraint api_key_number_key unique (tenant, number),
  constraint api_key_connection_fkey foreign key (tenant, connection) references connection,
  constraint api_key_group_fkey foreign key (tenant, group_id) references app_group on delete set null (group_id),
  constraint api_key_group_check check (not administers or group_id is null)
);
create index api_key_group_idx on api_key (tenant, group_id) where group_id is not null;
