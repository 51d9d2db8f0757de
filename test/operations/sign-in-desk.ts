import crypto from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { hashPassword } from '#access/hash-password.ts';
import { validateSession } from '#access/sessions.ts';
import { hashToken } from '#access/token.ts';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Fault } from '#domain/fault.ts';
import { type SignedIn, type SignInWish, signIn } from '#operations/sign-in.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import { openRoll, type TestRoll, valuesIn } from './open-roll.ts';

/** A roll, and where people sign in. */
export interface Desk {
  readonly roll: TestRoll;
  /** May set passwords and end sessions. */
  readonly admin: Caller;
  /** Makes somebody with the password `password`, and gives his id. */
  readonly makePerson: (userName: string, values?: Values) => Promise<string>;
  /** Signs in with the right password, if no other is given. */
  readonly enter: (name: string, wish?: Partial<SignInWish>) => Promise<SignedIn>;
  /** The fault of a sign-in with a wrong password, if no other is given. */
  readonly wrong: (name: string, wish?: Partial<SignInWish>) => Promise<Fault>;
  /** Lets somebody else set the person's password while the next hash is made. The test restores the mocks. */
  readonly replaceWhileHashing: (id: string) => void;
  readonly isLive: (token: string) => Promise<boolean>;
  /** What our extension tells about a person. */
  readonly stateOf: (id: string) => Promise<Values[string] | undefined>;
  /** Everything that the journal says of a person. */
  readonly changesOf: (id: string) => Promise<readonly object[]>;
}

export const password = 'correct horse battery';

const replaceStatement = `update password set changed_at = now() + interval '1 s' where user_id = $1`;

/** A desk for the tests of a file. Whoever is made and signs in has the name of the test, if no other is given. */
export function useDesk() {
  const used = {} as Desk & { name: string };
  beforeAll(async () => void Object.assign(used, await openDesk()));
  afterAll(() => used.roll.close());
  beforeEach(() => {
    used.name = uuidv7();
  });
  return {
    desk: used,
    makePerson: (values?: Values) => used.makePerson(used.name, values),
    enter: ({ name = used.name, ...wish }: Partial<SignInWish> = {}) => used.enter(name, wish),
    wrong: ({ name = used.name, ...wish }: Partial<SignInWish> = {}) => used.wrong(name, wish),
  };
}

/** Makes a database with one tenant, and one hash that all passwords share: hashing is what takes time. */
async function openDesk(): Promise<Desk> {
  const roll = await openRoll(18);
  const { tenant } = roll.caller;
  const hash = await hashPassword(password);
  const stranger = { tenant, dialect: 'own', requestId: 'r-1', address: '192.0.2.7' };
  const enter: Desk['enter'] = (name, wish = {}) =>
    signIn(roll.db, { ...stranger, name, password, sessionPolicy: 'own', ...wish });
  return {
    roll,
    enter,
    admin: { ...roll.caller, rights: ['read', 'write', 'superuser', 'passwords', 'admin'] },
    makePerson: async (userName, values = {}) => {
      const { id } = await roll.create(userType, { userName, ...values });
      const statement = 'insert into password (tenant, user_id, hash, temporary) values ($1, $2, $3, false)';
      await roll.client.query(statement, [tenant, id, hash]);
      return id;
    },
    wrong: (name, wish = {}) => faultWhen(enter(name, { password: 'wrong', ...wish })),
    replaceWhileHashing: (id) => {
      const { argon2 } = crypto;
      vi.spyOn(crypto, 'argon2').mockImplementationOnce((algorithm, parameters, done) => {
        const replacing = roll.client.query(replaceStatement, [id]);
        replacing.then(
          () => argon2(algorithm, parameters, done),
          (error) => done(error, Buffer.alloc(0)),
        );
      });
    },
    isLive: async (token) => (await validateSession(roll.db, tenant, hashToken(token))) !== undefined,
    stateOf: async (id) => valuesIn(userType, await roll.get(userType, id)).muster,
    changesOf: async (id) =>
      (await roll.journal()).filter(({ resource }) => resource === id).flatMap(({ changes }) => changes),
  };
}
