import type { Fault } from '#domain/fault.ts';
import type { JsonValue } from '#http/parse-json.ts';
import type { DialectContext, DialectParts, DialectRoute } from '../dialect.ts';
import { answerJson, answerNothing } from './answer.ts';
import { namespace, readKey } from './asker.ts';
import { checkNewPassword, passwordPolicy } from './check-new-password.ts';
import { setSessionCookies } from './cookies.ts';
import { findCaller } from './credential.ts';
import { checkActive } from './one-user.ts';
import { readMembers } from './read-request.ts';
import { type Said, sayOtherwise, tooMany } from './refusal.ts';
import { successShape } from './user-state.ts';

/** 3.6.8. */
export const changePassword: DialectRoute = {
  ...{
    method: 'PUT',
    path: '/user/:id{[0-9]+}/password',
    about: 'Choose a new password for oneself, or as a superuser for anybody.',
  },
  body: {
    password: { about: 'The new password.', shape: { type: 'string' }, required: true },
    old_password: { about: 'The old one, from everybody but superusers.', shape: { type: 'string' } },
  },
  answers: {
    200: {
      about: 'One’s own password: the session that replaces all others, also as a cookie.',
      shape: {
        ...successShape,
        properties: { ...successShape.properties, session_id: { type: 'string', format: 'uuid' } },
      },
    },
    204: { about: 'The password of somebody else.' },
  },
  assumed: ['After too many wrong old passwords: 400.'],
  handle: async (context, parts) => {
    const key = readKey(context);
    const { password: sent, old_password } = await readMembers(context, parts.limits);
    const password = await checkNewPassword(sent, parts.settings);
    const { caller } = context.var;
    const person = await parts.operations.getPerson(caller, namespace, key);
    checkActive(person);
    if (person.id === caller.person) return changeOwn(context, parts, password, old_password);
    // Who has to choose a new password first was let in for his own alone.
    await findCaller(context, parts);
    const policy = passwordPolicy(parts.settings);
    await parts.operations.setPassword(caller, person.id, { password, policy, mustChange: false });
    return answerNothing(context);
  },
};

/** Only who is no superuser shows that he knows the old one. */
async function changeOwn(
  context: DialectContext,
  { operations, settings, publicUrl }: DialectParts,
  password: string,
  old: JsonValue | undefined,
): Promise<Response> {
  const { caller } = context.var;
  const oldPassword = caller.rights.includes('superuser') ? {} : { oldPassword: typeof old === 'string' ? old : '' };
  const wish = {
    ...oldPassword,
    mayBeOld: true,
    password,
    policy: passwordPolicy(settings),
    sessionPolicy: 'fixed',
  } as const;
  const { token } = await sayOtherwise(operations.changePassword(caller, wish), wordsOf);
  setSessionCookies(context, { publicUrl }, token);
  return answerJson(context, { success: true, session_id: token });
}

function wordsOf(fault: Fault): Said | undefined {
  const { kind, details } = fault;
  if (kind === 'rate_limited') return tooMany(fault, 'old_password', 400);
  const isOld = kind === 'invalid_value' && details.attribute === 'oldPassword';
  return isOld ? { word: 'passwordWrong', field: 'old_password' } : undefined;
}
