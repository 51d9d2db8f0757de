-- How integrations get short-lived tokens, whose tokens are taken besides ours, and how often everybody may ask.

-- Failed tries by hashed name or address. The columns and their order are those of rate-limiter-flexible.
create table limiter (
  key varchar(255) constraint limiter_pkey primary key,
  points integer not null default 0,
  -- Milliseconds since 1970.
  expire bigint
);
create index limiter_expire_idx on limiter (expire);

-- What is left of the requests that a connection, or all of a tenant in one dialect, may send in a second: a bucket that
-- fills at `rate` and is shared by all nodes. Lost in a crash, which fills it.
create unlogged table request_level (
  tenant integer not null,
  -- The id of the connection, or the name of the dialect.
  subject text not null,
  rate double precision not null,
  -- Below zero when nodes have given out more together than there was.
  level double precision not null,
  changed_at timestamptz not null,
  constraint request_level_pkey primary key (tenant, subject)
);
