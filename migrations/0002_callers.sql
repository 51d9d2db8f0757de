-- Who asks, and what is known of it: more about connections and tokens, and the caller in each row of the journal.

alter table journal
  add column person uuid,
  add column address text,
  -- Whether an active person was deactivated or deleted: what the guard against mass changes counts.
  add column removes boolean not null default false;
