import type { Client } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Roll } from './cases.ts';

/** Makes a group of ten and a group of everybody, and tells the roll. */
export async function prepareGroups(client: Client, roll: Omit<Roll, 'smallGroup' | 'largeGroup'>): Promise<Roll> {
  const smallGroup = await makeGroup(client, roll.ids.slice(0, 10));
  const largeGroup = await makeGroup(client, roll.ids);
  await client.query('vacuum analyze');
  return { ...roll, smallGroup, largeGroup };
}

async function makeGroup(client: Client, members: readonly string[]): Promise<string> {
  const id = uuidv7();
  await client.query(
    `insert into app_group (tenant, id, object_id, number, has_references, label, document)
      values (1, $1, $2, nextval('app_group_number_1'), false, $2, json_build_object('displayName', $2::text))`,
    [id, id],
  );
  await client.query(`insert into group_member select 1, $1, unnest($2::uuid[]), 'User'`, [id, members]);
  return id;
}

/** Copies of the tables for what the floor writes, with the same indexes. */
export async function prepareFloor(client: Client): Promise<void> {
  await client.query(`
    create sequence floor_number start 100000000;
    create table floor_user (like app_user including all);
    insert into floor_user select * from app_user;
    create table floor_group (like app_group including all);
    insert into floor_group select * from app_group;
    create table floor_member (tenant integer, group_id uuid, member uuid, kind text, primary key (tenant, group_id, member));
    insert into floor_member select tenant, group_id, member, kind from group_member;
    create index on floor_member (tenant, member, group_id)`);
  await client.query('vacuum analyze');
}
