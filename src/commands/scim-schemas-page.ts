import { allSchemas } from '#dialects/scim/write-schema.ts';
import { code, markdownTable, pageHead, section } from './markdown.ts';

/** An attribute as `/Schemas` shows it: RFC 7643 section 7. */
interface Shown {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact?: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly uniqueness: string;
  readonly subAttributes?: readonly Shown[];
}

const header = ['Attribute', 'Type', 'Many', 'Required', 'Case', 'Mutability', 'Returned', 'Uniqueness'];

/** The page of the SCIM schemas, as `GET /scim/v2/Schemas` tells them. */
export function scimSchemasPage(): string {
  const about =
    'What `GET /scim/v2/Schemas` answers, as tables. What each attribute means is in [attributes](attributes.md).';
  const schemas = allSchemas().map(({ id, name, description, attributes }) =>
    section(name, `${code(id)}: ${description}`, markdownTable(header, rowsOf(attributes as readonly Shown[]))),
  );
  return [pageHead('SCIM schemas', about), ...schemas].join('');
}

function rowsOf(attributes: readonly Shown[], before = ''): string[][] {
  return attributes.flatMap((attribute) => {
    const { name, type, multiValued, required, caseExact, mutability, returned, uniqueness } = attribute;
    const facts = [multiValued ? 'yes' : '', required ? 'yes' : '', caseExact ? 'exact' : ''];
    const row = [code(before + name), type, ...facts, mutability, returned, uniqueness];
    return [row, ...rowsOf(attribute.subAttributes ?? [], `${before}${name}.`)];
  });
}
