import { commandCaller } from '#commands/command-caller.ts';
import { metabase } from '#dialects/metabase/metabase.ts';
import { readExport } from '#dialects/read-export.ts';
import { importPeople } from '#operations/import-people.ts';
import type { Db } from '#store/database.ts';

/** Brings a new person, a known one and groups along from Metabase, where the person with number 1 is in the way. */
export async function bringAlong(db: Db, tenant: number, known: string): Promise<void> {
  if (metabase.exports === undefined) throw new Error('nothing comes along from Metabase');
  const people = [
    { id: 1, email: 'new@example.org', group_ids: [1, 7] },
    { id: 900, email: known, group_ids: [1, 7, 8] },
  ];
  const groups = [
    { id: 7, name: 'Brought along' },
    { id: 8, name: 'outer' },
  ];
  const exported = readExport(metabase.exports, { people: JSON.stringify(people), groups: JSON.stringify(groups) });
  const wish = { namespace: { dialect: 'metabase', keys: 'number' }, exported, givesWay: true } as const;
  await Array.fromAsync(importPeople(commandCaller(tenant), db, wish));
}
