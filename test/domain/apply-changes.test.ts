import { describe, expect, test } from 'vitest';
import type { Value, Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import type { Change } from '#domain/change.ts';
import type { FaultKind } from '#domain/fault.ts';
import type { Filter } from '#domain/filter.ts';
import { faultOf } from './fault-of.ts';

const work = { value: 'w@example.org', type: 'work', primary: true };
const home = { value: 'h@example.org', type: 'home' };
const before: Values = {
  userName: 'ada',
  title: 'Dr',
  active: true,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [work, home],
  enterprise: { department: 'Tooling', manager: { value: 'm' } },
  muster: { supervisor: true, role: 'worker', extensionGroups: [1, 2], divisions: [{ value: 'd' }] },
};

const apply = (...changes: Change[]) => applyChanges(userType.attributes, before, changes);
const set = (path: string, value: Value, more: Partial<Change> = {}): Change => ({ op: 'set', path, value, ...more });
const add = (path: string, value: Value, more: Partial<Change> = {}): Change => ({ op: 'add', path, value, ...more });
const clear = (path: string, more: Partial<Change> = {}): Change => ({ op: 'clear', path, ...more });
const typeIs = (value: string): Filter => ({ op: 'eq', path: 'type', value });
const where = (value: string): Partial<Change> => ({ where: typeIs(value) });
const { title: _title, ...untitled } = before;
const { enterprise: _enterprise, ...unextended } = before;
const { emails: _emails, ...unmailed } = before;
const named = (rows: readonly (readonly [Change, Values | FaultKind])[]) =>
  rows.map(([change, outcome]) => [JSON.stringify(change), change, outcome] as const);

/** RFC 7644 section 3.5.2.1, row by row. */
const added: readonly (readonly [Change, Values])[] = [
  [add('nickName', 'x'), { ...before, nickName: 'x' }],
  [add('title', 'x'), { ...before, title: 'x' }],
  [add('title', 'Dr'), before],
  [add('name', { middleName: 'x' }), { ...before, name: { ...(before.name as Values), middleName: 'x' } }],
  [add('name.givenName', 'x'), { ...before, name: { givenName: 'x', familyName: 'Lovelace' } }],
  [add('emails', [{ value: 'n' }]), { ...before, emails: [work, home, { value: 'n' }] }],
  [add('emails', { value: 'n' }), { ...before, emails: [work, home, { value: 'n' }] }],
  [add('emails', [home]), before],
  [
    add('emails', [{ ...home, value: 'H@Example.org' }]),
    { ...before, emails: [work, { ...home, value: 'H@Example.org' }] },
  ],
  [add('emails', [{ ...home, display: 'x' }]), { ...before, emails: [work, { ...home, display: 'x' }] }],
  [
    add('emails', [{ value: 'n', primary: true }]),
    { ...before, emails: [{ ...work, primary: false }, home, { value: 'n', primary: true }] },
  ],
  [add('emails', { display: 'x' }, where('home')), { ...before, emails: [work, { ...home, display: 'x' }] }],
  [add('emails.display', 'x', where('home')), { ...before, emails: [work, { ...home, display: 'x' }] }],
  [
    add('emails', { value: 'n' }, { ...where('other'), noMatch: 'create' }),
    { ...before, emails: [work, home, { type: 'other', value: 'n' }] },
  ],
  [add('phoneNumbers', [{ value: '1' }]), { ...before, phoneNumbers: [{ value: '1' }] }],
  [
    add('enterprise', { division: 'x' }),
    { ...before, enterprise: { ...(before.enterprise as Values), division: 'x' } },
  ],
  [
    add('muster.extensionGroups', [2, 3]),
    { ...before, muster: { ...(before.muster as Values), extensionGroups: [1, 2, 3] } },
  ],
  [add('muster.role', 'worker'), before],
];

/** RFC 7644 section 3.5.2.3. */
const replaced: readonly (readonly [Change, Values])[] = [
  [set('title', 'x'), { ...before, title: 'x' }],
  [set('nickName', 'x'), { ...before, nickName: 'x' }],
  [set('name', { middleName: 'x' }), { ...before, name: { middleName: 'x' } }],
  [set('name.givenName', 'x'), { ...before, name: { givenName: 'x', familyName: 'Lovelace' } }],
  [set('emails', [{ value: 'n' }]), { ...before, emails: [{ value: 'n' }] }],
  [set('emails', []), unmailed],
  [set('emails', { value: 'n', type: 'x' }, where('work')), { ...before, emails: [{ value: 'n', type: 'x' }, home] }],
  [set('emails.value', 'n', where('home')), { ...before, emails: [work, { ...home, value: 'n' }] }],
  [
    set('emails.display', 'x'),
    {
      ...before,
      emails: [
        { ...work, display: 'x' },
        { ...home, display: 'x' },
      ],
    },
  ],
  [
    set('emails.primary', true, where('home')),
    {
      ...before,
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
  ],
  [
    set('emails.value', 'n', { ...where('other'), noMatch: 'create' }),
    { ...before, emails: [work, home, { type: 'other', value: 'n' }] },
  ],
  [set('emails.value', 'n', { ...where('other'), noMatch: 'skip' }), before],
  [
    set('emails.value', 'n', {
      where: { op: 'and', filters: [typeIs('x'), { op: 'eq', path: 'display', value: 'd' }] },
      noMatch: 'create',
    }),
    { ...before, emails: [work, home, { type: 'x', display: 'd', value: 'n' }] },
  ],
  [set('enterprise', { division: 'x' }), { ...before, enterprise: { division: 'x' } }],
  [
    set('enterprise.manager', { value: 'n' }),
    { ...before, enterprise: { department: 'Tooling', manager: { value: 'n' } } },
  ],
  [set('enterprise.manager.value', 'n'), { ...before, enterprise: { department: 'Tooling', manager: { value: 'n' } } }],
  [set('password', 'x'), before],
  [set('muster', { admin: true }), { ...before, muster: { role: 'worker', admin: true } }],
  [set('muster', { role: 'worker', admin: true }), { ...before, muster: { role: 'worker', admin: true } }],
];

/** RFC 7644 section 3.5.2.2. */
const removed: readonly (readonly [Change, Values])[] = [
  [clear('title'), untitled],
  [clear('nickName'), before],
  [clear('name'), { ...before, name: undefined } as unknown as Values],
  [clear('name.givenName'), { ...before, name: { familyName: 'Lovelace' } }],
  [clear('emails'), unmailed],
  [clear('emails', where('work')), { ...before, emails: [home] }],
  [clear('emails', { ...where('other'), noMatch: 'skip' }), before],
  [clear('emails.primary', where('work')), { ...before, emails: [{ value: 'w@example.org', type: 'work' }, home] }],
  [clear('emails', { value: [{ value: 'H@example.org' }] }), { ...before, emails: [work] }],
  [clear('emails', { value: [{ value: 'h@example.org', type: 'work' }] }), before],
  [clear('emails', { value: [work, home] }), unmailed],
  [clear('enterprise'), unextended],
  [clear('muster'), { ...before, muster: { role: 'worker' } }],
  [clear('enterprise.manager.value'), { ...before, enterprise: { department: 'Tooling' } }],
  [
    clear('muster.extensionGroups', { value: [2] }),
    { ...before, muster: { ...(before.muster as Values), extensionGroups: [1] } },
  ],
];

describe('RFC 7644 section 3.5.2', () => {
  test.each(named([...added, ...replaced, ...removed]))('%s', (_name, change, outcome) => {
    const untouched = structuredClone(before);
    expect(apply(change as Change)).toEqual(outcome);
    expect(before).toEqual(untouched);
  });

  test('each change sees the result of the one before', () => {
    expect(
      apply(
        clear('emails'),
        add('emails', home),
        set('emails.value', 'n', where('home')),
        clear('title'),
        add('title', 'x'),
      ),
    ).toEqual({ ...before, emails: [{ value: 'n', type: 'home' }], title: 'x' });
  });

  test('the last part of an object or an extension takes it along', () => {
    const values = applyChanges(
      userType.attributes,
      { name: { givenName: 'x' }, enterprise: { manager: { value: 'm' } } },
      [clear('name.givenName'), clear('enterprise.manager.value')],
    );
    expect(values).toEqual({});
  });

  test('an element whose last part is cleared goes', () => {
    expect(applyChanges(userType.attributes, { emails: [{ value: 'x' }, home] }, [clear('emails.value')])).toEqual({
      emails: [{ type: 'home' }],
    });
  });
});

const refused: readonly (readonly [Change, FaultKind])[] = [
  [set('favouriteColour', 'red'), 'invalid_path'],
  [set('name.nick', 'x'), 'invalid_path'],
  [set('title', 'x', where('work')), 'invalid_path'],
  [set('groups', [{ value: 'x' }]), 'read_only'],
  [add('groups', [{ value: 'x' }]), 'read_only'],
  [clear('groups'), 'read_only'],
  [set('muster.failedLoginAttempts', 1), 'read_only'],
  [set('enterprise.manager.displayName', 'x'), 'read_only'],
  [set('muster.role', 'boss'), 'read_only'],
  [clear('muster.role'), 'read_only'],
  [set('muster', { role: 'boss' }), 'read_only'],
  [set('title', 1), 'invalid_value'],
  [set('title', ['x']), 'invalid_value'],
  [set('title', 'a\0b'), 'invalid_value'],
  [set('title', '\ud800'), 'invalid_value'],
  [set('active', 'true'), 'invalid_value'],
  [set('name', 'x'), 'invalid_value'],
  [set('name', { nick: 'x' }), 'invalid_value'],
  [set('emails', ['x']), 'invalid_value'],
  [set('emails', [{ value: 1 }]), 'invalid_value'],
  [set('muster.extensionGroups', [1.5]), 'invalid_value'],
  [set('muster.level', 'PLANET'), 'invalid_value'],
  [set('enterprise', 'x'), 'invalid_value'],
  [set('userName', 'x'.repeat(255)), 'invalid_value'],
  [set('x509Certificates', [{ value: '!' }]), 'invalid_value'],
  [
    add('emails', [
      { value: 'a', primary: true },
      { value: 'b', primary: true },
    ]),
    'invalid_value',
  ],
  [{ op: 'set', path: 'title' }, 'invalid_value'],
  [{ op: 'add', path: 'emails' }, 'invalid_value'],
  [set('emails.value', 'n', where('other')), 'no_target'],
  [clear('emails', where('other')), 'no_target'],
];

describe('refusals', () => {
  test.each(named(refused))('%s', (_name, change, kind) => {
    expect(faultOf(() => apply(change as Change)).kind).toBe(kind);
  });

  test('a refusal names the attribute and repeats no value', () => {
    const fault = faultOf(() => apply(set('emails', [{ value: 'marker', type: 7 }])));
    expect(fault.details.attribute).toBe('emails.type');
    expect(fault.message).not.toContain('marker');
  });

  test('two elements cannot become primary at once', () => {
    const plain = { emails: [{ value: 'a' }, { value: 'b' }] };
    const change = set('emails.primary', true);
    expect(faultOf(() => applyChanges(userType.attributes, plain, [change])).kind).toBe('invalid_value');
  });

  test('an extension that is cleared or replaced keeps what the server wrote in it', () => {
    const kept = { failedLoginAttempts: 3 };
    const held = { muster: { ...kept, supervisor: true } };
    expect(applyChanges(userType.attributes, held, [clear('muster')])).toEqual({ muster: kept });
    expect(applyChanges(userType.attributes, held, [set('muster', { admin: true })])).toEqual({
      muster: { ...kept, admin: true },
    });
  });

  test('a length is counted in code points', () => {
    expect(apply(set('userName', '😀'.repeat(254))).userName).toHaveLength(508);
    expect(faultOf(() => apply(set('userName', '😀'.repeat(255)))).kind).toBe('invalid_value');
  });
});
