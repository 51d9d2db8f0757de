import type { Caller } from '#domain/caller.ts';
import { changePassword } from '#operations/change-password.ts';
import { completePasswordReset } from '#operations/complete-password-reset.ts';
import { endUserSessions } from '#operations/end-sessions.ts';
import { listSessions } from '#operations/list-sessions.ts';
import { requestPasswordReset } from '#operations/request-password-reset.ts';
import { setPassword } from '#operations/set-password.ts';
import { signIn } from '#operations/sign-in.ts';
import { signOut } from '#operations/sign-out.ts';
import { unlockUser } from '#operations/unlock-user.ts';
import { verifyEmails } from '#operations/verify-emails.ts';
import type { Db } from '#store/database.ts';
import { clearSessions } from '#workers/clear-sessions.ts';

/** What people do who sign in, so that every kind of statement about them is sent. */
export async function signInAndOut(caller: Caller, db: Db, id: string, name: string, email: string): Promise<void> {
  const stranger = { tenant: caller.tenant, dialect: 'own', requestId: 'r' };
  const own = { policy: 'own', sessionPolicy: 'own' } as const;
  const [one, two] = ['correct horse battery', 'another horse battery'];
  const { password = '' } = await setPassword(caller, db, id, { temporary: true });
  const self: Caller = { ...caller, person: id, rights: [] };
  await signIn(db, { ...stranger, ...own, name, password });
  const { token } = await changePassword(self, db, { ...own, oldPassword: password, password: one });
  await signOut(self, db, token);
  await verifyEmails(caller, db, id);
  const posted: Promise<{ readonly text: string } | undefined>[] = [];
  await requestPasswordReset(db, { post: (write) => void posted.push(write()) }, { ...stranger, email });
  const reset = /^\d+_\S+$/m.exec((await posted[0])?.text ?? '')?.[0] ?? '';
  await completePasswordReset(db, { ...stranger, ...own, token: reset, password: two });
  await listSessions(caller, db, id);
  await endUserSessions(caller, db, id);
  await unlockUser(caller, db, id);
  await clearSessions(db).run();
}
