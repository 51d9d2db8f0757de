import { type ResourceType, userType } from '#attributes/resource-type.ts';
import { isId } from '#domain/is-id.ts';
import type { Resource } from '#domain/resource.ts';
import type { Db, Tx } from './database.ts';
import { membersOfGroups } from './group-members.ts';
import { withGroups } from './groups-of-users.ts';
import { withLabels } from './labels.ts';
import { externalIdColumn, groupsOfUser, ownColumns, resourceColumns, resourceFrom } from './resource-row.ts';
import { boundOf, isSeen } from './seen.ts';
import { forEachType } from './statements.ts';
import type { Viewer } from './viewer.ts';

/** What a read brings along beside the resource itself. */
export interface Wanted {
  readonly groups: boolean;
  readonly members: boolean;
}

/** Everything, the references filled in. */
export const everything: Wanted = { groups: true, members: true };

const withItsGroups = `, ${groupsOfUser} as groups`;
const free = {
  find: forEachType('find', (type) => findText(type, '')),
  findWithGroups: { name: 'find-user-with-groups', text: findText(userType, withItsGroups) },
  lock: forEachType('lock', (type) => `${lockText(type)} for no key update`),
  lockToDelete: forEachType('lock-to-delete', (type) => `${lockText(type)} for update`),
};

/** The same for a viewer who is bound, whose franchisee is the last value. */
const bound: typeof free = {
  find: forEachType('find-bound', (type) => findText(type, '') + isSeen(type.name, '$1', '$4')),
  findWithGroups: {
    name: 'find-bound-user-with-groups',
    text: findText(userType, withItsGroups) + isSeen('User', '$1', '$4'),
  },
  lock: forEachType('lock-bound', (type) => `${lockText(type)}${isSeen(type.name, '$1', '$3')} for no key update`),
  lockToDelete: forEachType(
    'lock-bound-to-delete',
    (type) => `${lockText(type)}${isSeen(type.name, '$1', '$3')} for update`,
  ),
};

function lockText(type: ResourceType): string {
  const own = type.name === 'User' ? `${ownColumns(type.name)}, r.protected` : ownColumns(type.name);
  return `select ${own}, greatest(now()::timestamptz(3), r.modified_at) as time
    from ${type.table} r where r.tenant = $1 and r.id = $2`;
}

const besideStatement = forEachType('beside', (type) => {
  const groups = type.name === 'User' ? `, ${groupsOfUser} as groups` : '';
  return `select ${externalIdColumn(type.name, '$3')}${groups} from ${type.table} r where r.tenant = $1 and r.id = $2`;
});

function findText(type: ResourceType, more: string): string {
  return `select ${resourceColumns(type.name, '$3')}${more} from ${type.table} r where r.tenant = $1 and r.id = $2`;
}

/** One resource of the viewer's tenant by its id, or undefined. */
export async function findResource(
  db: Db,
  viewer: Viewer,
  type: ResourceType,
  id: string,
  wanted: Wanted,
): Promise<Resource | undefined> {
  if (!isId(id)) return undefined;
  const { statements, more } = statementsFor(viewer, type);
  const statement = type.name === 'User' && wanted.groups ? statements.findWithGroups : statements.find[type.name];
  const [row] = await db.read(statement, [viewer.tenant, id, viewer.connection, ...more]);
  if (row === undefined) return undefined;
  const resource = resourceFrom(type.name, row);
  const [labelled = resource] = await withLabels(db, viewer, [resource]);
  if (type.name === 'User' && wanted.groups) return (await withGroups(db, viewer.tenant, [labelled]))[0];
  if (type.name !== 'Group' || !wanted.members) return labelled;
  const members = await membersOfGroups(db, viewer, [resource.id]);
  return { ...labelled, members: members.get(resource.id) ?? [] };
}

function statementsFor(viewer: Viewer, type: ResourceType) {
  const franchisee = boundOf(viewer, type);
  return franchisee === undefined ? { statements: free, more: [] } : { statements: bound, more: [franchisee] };
}

/** A resource that this transaction holds, and the time that a change made now will carry. */
export interface Locked {
  readonly resource: Resource;
  /** ISO 8601; never earlier than the resource's last change, whatever the clock says. */
  readonly time: string;
  /** Whether it is an account for emergencies, which no API changes or ends. */
  readonly isProtected: boolean;
}

/** Gets one resource to change it and holds it until the transaction ends; others may still refer to it. Undefined: there is none. */
export async function lockResource(
  tx: Tx,
  viewer: Viewer,
  type: ResourceType,
  id: string,
): Promise<Locked | undefined> {
  return lockWith('lock', tx, viewer, type, id);
}

/** Gets one resource to delete it; nobody can begin to refer to it any more. Undefined: there is none. */
export async function lockToDelete(
  tx: Tx,
  viewer: Viewer,
  type: ResourceType,
  id: string,
): Promise<Locked | undefined> {
  return lockWith('lockToDelete', tx, viewer, type, id);
}

async function lockWith(
  strength: 'lock' | 'lockToDelete',
  tx: Tx,
  viewer: Viewer,
  type: ResourceType,
  id: string,
): Promise<Locked | undefined> {
  if (!isId(id)) return undefined;
  const { statements, more } = statementsFor(viewer, type);
  // Whoever waits for the lock gets the row as it is then, but of other tables what was there before he waited. A second
  // statement sees what is there now; both travel in one packet.
  const [[row], [beside]] = await Promise.all([
    tx.run(statements[strength][type.name], [viewer.tenant, id, ...more]),
    tx.run(besideStatement[type.name], [viewer.tenant, id, viewer.connection]),
  ]);
  if (row === undefined) return undefined;
  const resource = resourceFrom(type.name, { ...row, ...beside });
  return { resource, time: row.time as string, isProtected: row.protected === true };
}
