import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { uuidv7 } from 'uuidv7';
import { userType } from '#attributes/resource-type.ts';
import { writeDocument } from '#domain/document.ts';
import { fold } from '#domain/fold.ts';
import { nameKey } from '#store/name-key.ts';
import { valueRows } from '#store/value-rows.ts';

const batchSize = 1_000;

const insertText = `with people as (
    select * from json_to_recordset($1::json) as p (id uuid, object_id text, key text, label text, document text, name_key text)
  ), made as (
    insert into app_user (tenant, id, object_id, number, has_references, label, document, active, user_name_key, name_key)
    select 1, id, object_id, nextval('app_user_number_1'), false, label, document, true, key, name_key from people
  ), counted as (
    update resource_count set count = count + (select count(*) from people) where tenant = 1 and kind = 'User' and slot = 0
  )
  insert into attribute_value (tenant, owner, path, element, searchable, text_key, search_key, number_key)
  select 1, owner, path, element, searchable, text_key, search_key, number_key from json_to_recordset($2::json)
    as v (owner uuid, path text, element smallint, searchable boolean, text_key text, search_key text, number_key float8)`;

/** Puts people number `from` to `to` on the roll of tenant 1, as the product would store them. Gives their ids. */
export async function fillRoll(connection: object, from: number, to: number): Promise<string[]> {
  const client = new Client(connection);
  await client.connect();
  const ids: string[] = [];
  for (let first = from; first < to; first += batchSize) {
    const people = Array.from({ length: Math.min(batchSize, to - first) }, (_, index) => person(first + index));
    await client.query(insertText, [
      JSON.stringify(people.map(({ row }) => row)),
      JSON.stringify(people.flatMap(({ values }) => values)),
    ]);
    ids.push(...people.map(({ row }) => row.id));
  }
  await client.query('vacuum analyze');
  await client.end();
  return ids;
}

/** About a kilobyte of a person. */
export function personNumber(number: number) {
  return {
    userName: `user${number}@example.org`,
    name: {
      givenName: `Given${number}`,
      familyName: `Family${number % 5_000}`,
      formatted: `Given${number} Family${number % 5_000}`,
    },
    displayName: `Given${number} Family${number % 5_000}`,
    title: `Title ${number % 100}`,
    active: true,
    emails: [
      { value: `user${number}@example.org`, type: 'work', primary: true },
      { value: `home${number}@example.net`, type: 'home' },
    ],
    phoneNumbers: [{ value: `+49 30 ${number}`, type: 'work' }],
    addresses: [
      {
        streetAddress: `Street ${number}`,
        locality: 'Berlin',
        postalCode: String(10_000 + (number % 1_000)),
        country: 'DE',
        type: 'work',
      },
    ],
    enterprise: { employeeNumber: String(number), department: `Department ${number % 200}`, organization: 'Example' },
  };
}

function person(number: number) {
  const values = personNumber(number);
  const id = uuidv7();
  const row = {
    id,
    object_id: randomBytes(12).toString('hex'),
    key: fold(values.userName),
    label: values.displayName,
    name_key: nameKey(values),
    document: writeDocument(userType, values),
  };
  return { row, values: valueRows(userType, values).map((value) => ({ ...value, owner: id })) };
}
