-- How integrations get short-lived tokens, whose tokens are taken besides ours, and how often everybody may ask.

-- Failed tries by hashed name or address. The columns and their order are those of rate-limiter-flexible.
create table limiter (
  key varchar(255) constraint limiter_pkey primary key,
  points integer not null default 0,
  -- Milliseconds since 1970.
  expire bigint
);
create index limiter_expire_idx on limiter (expire);
