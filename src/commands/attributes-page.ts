import type { Attribute, Attributes } from '#attributes/attribute.ts';
import { commonAttributes } from '#attributes/every-resource.ts';
import { resourceTypes } from '#attributes/resource-type.ts';
import { code, markdownTable, pageHead, section } from './markdown.ts';

const header = ['Path', 'Type', 'Rules', 'Longest', 'Meaning'];

/** The page of the attributes, from the table that everything else is made from too. */
export function attributesPage(): string {
  const about = [
    'What users, groups and org units are made of. A rule that is not named is the usual one of RFC 7643 section 2.2:',
    'optional, may be written, shown by default, case does not matter. An attribute without "filter" cannot be filtered on.',
  ].join(' ');
  const types = resourceTypes.map((type) =>
    section(type.name, type.about, markdownTable(header, rowsOf(type.attributes))),
  );
  const common = section('Every resource', markdownTable(header, rowsOf(commonAttributes)));
  return [pageHead('Attributes', about), common, ...types].join('');
}

function rowsOf(table: Attributes, before = ''): string[][] {
  return Object.entries(table)
    .filter(([, { dropped }]) => !dropped)
    .flatMap(([name, attribute]) => {
      const path = attribute.urn === undefined ? `${before}${name}` : attribute.urn;
      const inner = `${path}${attribute.urn === undefined ? '.' : ':'}`;
      return [rowOf(path, attribute), ...rowsOf(attribute.parts ?? {}, inner)];
    });
}

function rowOf(path: string, attribute: Attribute): string[] {
  const { type, many, lengthMax, about } = attribute;
  return [code(path), many ? `${type}, many` : type, rulesOf(attribute).join(', '), lengthOf(lengthMax), about];
}

function lengthOf(lengthMax: number | undefined): string {
  return lengthMax === undefined ? '' : String(lengthMax);
}

function rulesOf(attribute: Attribute): string[] {
  const { required, caseExact, mutability, returned, uniqueness, canonical, strict, references, stored, computed } =
    attribute;
  return [
    ...(required ? ['required'] : []),
    ...(uniqueness === undefined ? [] : ['unique']),
    ...(caseExact ? ['case matters'] : []),
    ...(mutability === undefined && !computed ? [] : [mutability ?? 'readOnly']),
    ...(returned === undefined ? [] : [`returned ${returned}`]),
    ...(canonical === undefined ? [] : [`${strict ? 'one of' : 'usually'} ${canonical.map(code).join(' ')}`]),
    ...(references === undefined ? [] : [`refers to ${references.join(' or ')}`]),
    ...(stored === undefined ? [] : ['filter']),
  ];
}
