-- Whose person somebody is: what a caller who is bound to one franchisee reads people by.

alter table app_user add column franchisee uuid;

update app_user u set franchisee = v.text_key::uuid from attribute_value v
  where v.tenant = u.tenant and v.owner = u.id and v.path = 'User.muster.franchisee.value';

create index app_user_franchisee_idx on app_user (tenant, franchisee, id) where franchisee is not null;
