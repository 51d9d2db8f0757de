import { describe, expect, test } from 'vitest';
import { adminRoutes } from '#admin/routes.ts';
import { resourceTypes } from '#attributes/resource-type.ts';
import { leavesOf } from '#commands/commands-page.ts';
import { buildProgram } from '#commands/program.ts';
import { referencePages } from '#commands/reference-pages.ts';
import { settings } from '#config.ts';
import { dialects, spoken } from '#dialects/index.ts';
import { scimLimitTable } from '#dialects/scim/limits.ts';
import { profilePoints, profiles } from '#dialects/scim/profiles.ts';
import { isDescribed, openPath } from '#dialects/write-openapi.ts';
import { rights, rightTable } from '#domain/caller.ts';
import { faultKinds } from '#domain/fault.ts';
import { limitTable } from '#http/limits.ts';
import { readFiles } from '#test/house/repository.ts';

const pages = await referencePages();

test('npm run docs would change nothing', async () => {
  const written = await readFiles('docs/reference/**/*');
  const found = Object.fromEntries(written.map(({ path, text }) => [path, text]));
  const wanted = Object.fromEntries(Object.entries(pages).map(([name, text]) => [`docs/reference/${name}`, text]));
  expect(found).toEqual(wanted);
});

describe('the reference has a line for', () => {
  test.each(Object.values(settings).map(({ name }) => name))('the setting %s', (name) => {
    expect(pages['settings.md']).toContain(`\n| \`${name}\` |`);
  });

  test.each([...Object.values(limitTable), ...Object.values(scimLimitTable)])('the limit: $about', (limit) => {
    expect(pages['limits.md']).toContain(`\n| ${limit.about} | ${limit.value.toLocaleString('en')} ${limit.unit} |`);
  });

  test.each(Object.entries(rightTable))('the right %s', (right, about) => {
    expect(pages['rights.md']).toContain(`\n| \`${right}\` | ${about} |`);
  });

  test.each(faultKinds)('the fault %s', (kind) => {
    expect(pages['faults.md']).toContain(`\n| \`${kind}\` |`);
  });

  test.each(adminRoutes)('the route $method $path', ({ method, path, summary }) => {
    expect(pages['admin-api.md']).toContain(`\n| \`${method}\` | \`${path}\` | ${summary}. |`);
  });

  const described = dialects.filter(isDescribed);
  const routes = described.flatMap(({ name, routes }) => routes.map((route) => ({ ...route, name })));
  test.each(routes)('the route $method $path of $name', ({ name, method, path, about }) => {
    expect(pages[`dialects/${name}.md`]).toContain(`\n| \`${method}\` | \`${openPath(path)}\` | ${about}`);
  });

  const fields = described.flatMap(({ name, user = {} }) => Object.keys(user).map((field) => ({ name, field })));
  test.each(fields)('the field $field of $name', ({ name, field }) => {
    expect(pages[`dialects/${name}.md`]).toContain(`\n| \`${field}\` |`);
  });

  test.each(Object.keys(profilePoints))('the point %s of the profiles', (point) => {
    expect(pages['profiles.md']).toContain(`\n| \`${point}\` |`);
  });

  test.each(resourceTypes.flatMap(({ attributes }) => Object.entries(attributes)))('the attribute %s', (name, row) => {
    const path = row.urn ?? name;
    for (const page of ['attributes.md', 'scim-schemas.md']) {
      expect(pages[page]).toContain(row.dropped ? '' : `\`${path}\``);
    }
  });

  const verbs = leavesOf(buildProgram(async () => undefined));
  test.each(verbs.map((verb) => [verb.createHelp().commandUsage(verb), verb] as const))('%s', (usage, verb) => {
    expect(pages['commands.md']).toContain(usage);
    expect(verb.description()).toMatch(/^[A-Z].*\.$/);
    for (const option of verb.options) expect(pages['commands.md']).toContain(`\n| \`${option.flags}\` |`);
  });
});

test('the help of connection create names every dialect, profile and right', () => {
  const help = pages['commands.md'];
  expect(help).toContain(`the API it speaks: ${spoken.map(({ name, about }) => `${name} (${about})`).join(', ')} |`);
  expect(help).toContain(`what kind of SCIM client it is: ${Object.keys(profiles).join(', ')}; else lenient |`);
  expect(help).toContain(`what it may do, with commas between: ${rights.join(', ')}; else read,write for scim; read,`);
});
