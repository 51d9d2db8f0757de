-- When a person first signed in, which clients of Metabase ask for. Absent until he signs in again: then the last sign-in
-- is the first that is known.
alter table app_user add column first_login_at timestamptz(3);
