-- Who asks, and what is known of it: more about connections and tokens, and the caller in each row of the journal.

alter table journal
  add column person uuid,
  add column address text,
  -- Whether an active person was deactivated or deleted: what the guard against mass changes counts.
  add column removes boolean not null default false;

alter table connection
  add column token_form text not null default 'mst'
    constraint connection_token_form_check check (token_form in ('mst', 'uuid', 'mb')),
  -- The only franchisee whose people the connection sees and touches.
  add column franchisee uuid,
  -- Requests a second; null is what its dialect says.
  add column rate_per_second integer constraint connection_rate_per_second_check check (rate_per_second > 0),
  -- What happens when it deactivates too many people at once.
  add column guard text not null default 'hold' constraint connection_guard_check check (guard in ('hold', 'alert', 'off')),
  -- The connection that took its external ids over.
  add column replaced_by uuid,
  -- A franchisee goes only when no live connection is bound to it: unbound, that connection would see everybody.
  add column live_franchisee uuid generated always as (case when revoked_at is null then franchisee end) stored,
  add constraint connection_franchisee_fkey foreign key (tenant, live_franchisee) references org_unit,
  add constraint connection_replaced_by_fkey foreign key (tenant, replaced_by) references connection;
create index connection_franchisee_idx on connection (tenant, live_franchisee) where live_franchisee is not null;

-- token: a connection's; secret: what an OAuth client shows to get access tokens; access: such a token; session: a person's.
alter table credential
  add column kind text not null default 'token'
    constraint credential_kind_check check (kind in ('token', 'secret', 'access', 'session')),
  alter column connection drop not null,
  add column person uuid,
  add column last_used_at timestamptz(3),
  add column last_used_address text,
  add constraint credential_person_fkey foreign key (tenant, person) references app_user on delete cascade,
  add constraint credential_holder_check check (
    case when kind = 'session' then connection is null and person is not null
    else connection is not null and person is null end
  );
create index credential_person_idx on credential (tenant, person) where person is not null;
