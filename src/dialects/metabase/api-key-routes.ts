import { maskToken } from '#access/token.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { ApiKey } from '#operations/api-key.ts';
import type { DialectContext, DialectRoute } from '../dialect.ts';
import type { Shape } from '../representation.ts';
import { integerShape, momentShape, objectOf, textShape } from '../shapes.ts';
import { answerJson, answerNothing } from './answer.ts';
import { namespace, readKey } from './asker.ts';
import { chooseGroup, groupShape, writeGroup } from './group.ts';
import { internalUserId } from './key-user.ts';
import { nonBlank, positiveInt } from './kinds.ts';
import { partsOf, readParameters } from './parameters.ts';
import { readMembers } from './read-request.ts';
import { sayInstead } from './refusal.ts';
import { spoken } from './spoken.ts';
import { inMicroseconds, user } from './user.ts';

const group = { kind: positiveInt, about: 'The group, whose rights the key has.' } as const;
const name = { kind: nonBlank, about: 'The name; no other connection has it.' } as const;
const creating = { group_id: group, name } as const;
const changing = { group_id: { ...group, nullable: true }, name: { ...name, nullable: true } } as const;

const properties: Readonly<Record<string, Shape>> = {
  ...{ id: integerShape, name: textShape, group: groupShape, masked_key: textShape },
  ...{ created_at: momentShape, updated_at: momentShape },
  updated_by: objectOf({ id: integerShape, common_name: user.common_name.shape }),
};
const shape = objectOf(properties);
const shapeWithKey = objectOf({ ...properties, unmasked_key: textShape });

const rights = [
  'A key of `Administrators` may do what a superuser may here; any other only reads who it is and the recipients.',
  'Nobody makes a key that may do more than he himself.',
  'No other connection of the server has the name, whatever API it speaks.',
];

const createKey: DialectRoute = {
  ...{ method: 'POST', path: '/api-key', about: 'Make an API key of a group, for superusers.' },
  body: partsOf(creating),
  answers: { 200: { about: 'The key, which is shown this once.', shape: shapeWithKey } },
  assumed: [...rights, 'An unknown group is 404.'],
  handle: async (context, { operations, limits }) => {
    const sent = readParameters(creating, await readMembers(context, limits));
    const wish = { namespace, spoken, name: sent.name, group: chooseGroup(sent.group_id) };
    const { key, token } = await sayTaken(operations.createApiKey(context.var.caller, wish));
    return answerJson(context, { ...writeKey(key), unmasked_key: token });
  },
};

const listKeys: DialectRoute = {
  ...{ method: 'GET', path: '/api-key', about: 'List the API keys that were made here, for superusers.' },
  answers: { 200: { about: 'The keys, oldest first.', shape: { type: 'array', items: shape } } },
  handle: async (context, { operations }) =>
    answerJson(context, (await operations.listApiKeys(context.var.caller, namespace)).map(writeKey)),
};

const countKeys: DialectRoute = {
  ...{ method: 'GET', path: '/api-key/count', about: 'Count the API keys that were made here, for superusers.' },
  answers: { 200: { about: 'How many there are.', shape: { type: 'integer' } } },
  handle: async (context, { operations }) => answerJson(context, await operations.countApiKeys(context.var.caller)),
};

const updateKey: DialectRoute = {
  ...{ method: 'PUT', path: '/api-key/:id{[0-9]+}', about: 'Give an API key another name or group, for superusers.' },
  body: partsOf(changing),
  answers: { 200: { about: 'The key.', shape } },
  assumed: rights,
  handle: async (context, { operations, limits }) => {
    const number = numberOf(context);
    const { group_id, name: wanted } = readParameters(changing, await readMembers(context, limits));
    const change = {
      ...{ namespace, spoken, number },
      ...(typeof wanted === 'string' && { name: wanted }),
      ...(typeof group_id === 'number' && { group: chooseGroup(group_id) }),
    };
    return answerJson(context, writeKey(await sayTaken(operations.updateApiKey(context.var.caller, change))));
  },
};

const regenerateKey: DialectRoute = {
  ...{
    method: 'PUT',
    path: '/api-key/:id{[0-9]+}/regenerate',
    about: 'Make an API key anew, for superusers; the old one ends at once.',
  },
  answers: { 200: { about: 'The key, which is shown this once.', shape: shapeWithKey } },
  handle: async (context, { operations }) => {
    const number = numberOf(context);
    const { key, token } = await operations.regenerateApiKey(context.var.caller, namespace, number);
    return answerJson(context, { ...writeKey(key), unmasked_key: token });
  },
};

const deleteKey: DialectRoute = {
  ...{ method: 'DELETE', path: '/api-key/:id{[0-9]+}', about: 'End an API key, for superusers.' },
  answers: { 204: { about: 'The key is no more.' } },
  handle: async (context, { operations }) => {
    await operations.deleteApiKey(context.var.caller, numberOf(context));
    return answerNothing(context);
  },
};

/** API keys: 3.7. Each is a connection with a group. */
export const apiKeyRoutes: readonly DialectRoute[] = [
  createKey,
  listKeys,
  countKeys,
  updateKey,
  regenerateKey,
  deleteKey,
];

function writeKey(key: ApiKey): JsonObject {
  const { number, prefix = '', createdAt, updatedAt } = key;
  return {
    ...{ id: number, name: key.name, group: { ...writeGroup(key.group) }, masked_key: maskToken('mb', prefix) },
    ...{ created_at: inMicroseconds(createdAt), updated_at: inMicroseconds(updatedAt), updated_by: writeWriter(key) },
  };
}

/** A connection that is no key, and the command line, are to Metabase's clients the user that Metabase itself is. */
function writeWriter({ writer, updatedBy: { name: connection, number } }: ApiKey): JsonObject {
  if (writer !== undefined) return { id: Number(writer.key), common_name: user.common_name.write(writer) };
  return { id: number ?? internalUserId, common_name: connection ?? null };
}

function numberOf(context: DialectContext): number {
  return Number(readKey(context));
}

function sayTaken<Result>(doing: Promise<Result>): Promise<Result> {
  return sayInstead(doing, 'already_exists', { word: 'keyNameTaken', field: 'name' });
}
