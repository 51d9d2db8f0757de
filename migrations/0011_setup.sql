-- What the first person of a tenant shows to set it up. Anybody may read it while nobody was ever there; then it is gone.
create table setup_token (
  tenant integer not null,
  token text not null,
  constraint setup_token_pkey primary key (tenant)
);
