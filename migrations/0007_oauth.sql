-- How integrations get short-lived tokens, whose tokens are taken besides ours, and how often everybody may ask.

-- Failed tries by hashed name or address. The columns and their order are those of rate-limiter-flexible.
create table limiter (
  key varchar(255) collate "C" constraint limiter_pkey primary key,
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

-- Public keys whose private halves integrations sign with to get access tokens: RFC 7523. Asked for by the id of the
-- connection, before the tenant is known.
create table client_key (
  tenant integer not null,
  connection uuid not null,
  -- RFC 7638.
  thumbprint text not null,
  jwk jsonb not null,
  created_at timestamptz(3) not null default now(),
  constraint client_key_pkey primary key (tenant, connection, thumbprint),
  constraint client_key_connection_fkey foreign key (tenant, connection) references connection
);
create index client_key_connection_idx on client_key (connection);

-- Assertions that were taken, by the hash of their `jti`: none is taken twice.
create table spent_assertion (
  tenant integer not null,
  connection uuid not null,
  hash bytea not null,
  expires_at timestamptz(3) not null,
  constraint spent_assertion_pkey primary key (tenant, connection, hash)
);
create index spent_assertion_expires_at_idx on spent_assertion (expires_at);

-- Entra tenants whose own tokens are taken, and for which connection. Asked before the tenant is known, so it is unique
-- among all tenants: with the same audience for all of Entra's customers nothing else says whose a token is.
create table trusted_issuer (
  entra_tenant uuid not null,
  audience text not null,
  tenant integer not null,
  connection uuid not null,
  created_at timestamptz(3) not null default now(),
  constraint trusted_issuer_pkey primary key (entra_tenant, audience),
  constraint trusted_issuer_connection_fkey foreign key (tenant, connection) references connection
);
create index trusted_issuer_connection_idx on trusted_issuer (tenant, connection);

create index credential_expires_at_idx on credential (expires_at) where kind = 'access';
