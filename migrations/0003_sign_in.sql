-- People who sign in: what the roll keeps of their sign-ins, their passwords, their sessions, their ways back in.

-- The state of a person's sign-ins is beside the document: a sign-in raises no version and writes no document anew.
-- failed_since is when the failures that are being counted began.
alter table app_user
  add column must_change_password boolean,
  add column failed_login_attempts bigint,
  add column failed_since timestamptz(3),
  add column locked_until timestamptz(3),
  add column last_login_at timestamptz(3);
create index app_user_must_change_password_idx on app_user (tenant, must_change_password, id)
  where must_change_password is not null;
create index app_user_failed_login_attempts_idx on app_user (tenant, failed_login_attempts, id)
  where failed_login_attempts is not null;
create index app_user_locked_until_idx on app_user (tenant, locked_until, id) where locked_until is not null;
create index app_user_last_login_at_idx on app_user (tenant, last_login_at, id) where last_login_at is not null;

update app_user set
  must_change_password = (document::json -> 'urn:ietf:params:scim:schemas:extension:muster:2.0:User'
    ->> 'mustChangePassword')::boolean,
  document = (document::jsonb #- '{urn:ietf:params:scim:schemas:extension:muster:2.0:User,mustChangePassword}')::text
  where document::jsonb -> 'urn:ietf:params:scim:schemas:extension:muster:2.0:User' ? 'mustChangePassword';
delete from attribute_value where path = 'User.muster.mustChangePassword';

-- One password a person, as a PHC string of argon2id. A temporary one expires and has to be changed at the first sign-in.
create table password (
  tenant integer not null,
  user_id uuid not null,
  hash text not null,
  temporary boolean not null,
  expires_at timestamptz(3),
  changed_at timestamptz(3) not null default now(),
  constraint password_pkey primary key (tenant, user_id),
  constraint password_user_fkey foreign key (tenant, user_id) references app_user on delete cascade
);

-- A person who signed in, in one dialect. hash is that of the token; a credential of the same hash says whose tenant it is.
create table session (
  tenant integer not null,
  hash bytea not null,
  user_id uuid not null,
  dialect text not null,
  policy text not null,
  address text,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  absolute_expires_at timestamptz(3) not null,
  constraint session_pkey primary key (tenant, hash),
  constraint session_user_fkey foreign key (tenant, user_id) references app_user on delete cascade
);
create index session_user_idx on session (tenant, user_id);

-- A way to choose a new password, sent by mail; good for one use. The token is known by its hash.
create table reset_token (
  tenant integer not null,
  hash bytea not null,
  user_id uuid not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  constraint reset_token_pkey primary key (tenant, hash),
  constraint reset_token_user_fkey foreign key (tenant, user_id) references app_user on delete cascade
);
create index reset_token_user_idx on reset_token (tenant, user_id);

-- E-mail addresses of superusers that somebody without the right superuser gave them: no sign-in and no reset by these.
create table unverified_email (
  tenant integer not null,
  user_id uuid not null,
  email_key text collate "C" not null,
  constraint unverified_email_pkey primary key (tenant, user_id, email_key),
  constraint unverified_email_user_fkey foreign key (tenant, user_id) references app_user on delete cascade
);
