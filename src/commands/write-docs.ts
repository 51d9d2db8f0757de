import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referencePages } from './reference-pages.ts';

// A program of its own, `npm run docs`: writes the reference docs from the tables.
const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url));
for (const name of ['openapi', 'dialects']) mkdirSync(`${folder}${name}`, { recursive: true });
for (const [name, text] of Object.entries(await referencePages())) writeFileSync(`${folder}${name}`, text);
