import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type RepositoryFile, readFiles, root } from './repository.ts';

const readDocs = () => readFiles('*.md', 'docs/**/*.md');

/** The targets of the links and pictures of a page that point into the repository. */
function linksOf(page: RepositoryFile): readonly string[] {
  const prose = page.text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const defined = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...defined].map((match) => match[1] ?? '').filter((link) => !/^[a-z][a-z+.-]*:/i.test(link));
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The links of the pages that lead nowhere. */
async function brokenLinks(pages: readonly RepositoryFile[]): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const page of pages) {
    for (const link of linksOf(page)) {
      if (!(await leadsSomewhere(page, link, pages))) broken.push(`${page.path}: ${link}`);
    }
  }
  return broken;
}

async function leadsSomewhere(page: RepositoryFile, link: string, pages: readonly RepositoryFile[]): Promise<boolean> {
  const [file = '', anchor] = decodeURI(link).split('#');
  const target = file === '' ? page.path : path.join(path.dirname(page.path), file);
  const found = await stat(path.join(root, target)).catch(() => undefined);
  if (found === undefined || target.startsWith('..')) return file === '' && anchorsOf(page.text).includes(anchor ?? '');
  const text = target === page.path ? page.text : pages.find((other) => other.path === target)?.text;
  return anchor === undefined || text === undefined || anchorsOf(text).includes(anchor);
}

test('every link inside the docs leads to a file, and to a heading in it', async () => {
  const pages = await readDocs();
  expect(await brokenLinks(pages)).toEqual([]);
});

test('a link that leads nowhere is found', async () => {
  const text = [
    '# One heading, `code` & more',
    '[here](#one-heading-code--more) [there](../../package.json) [outside](https://example.com/none)',
    '[no file](none.md) [no heading](#none) ![no picture](<none.png>) [above](../../../../etc/passwd)',
    '```\n[not a link](none-in-code.md)\n```',
    '[defined]: none-defined.md',
  ].join('\n\n');
  const broken = await brokenLinks([{ path: 'docs/how-to/page.md', text }]);
  expect(broken.map((each) => each.split(': ')[1])).toEqual([
    ...['none.md', '#none', 'none.png', '../../../../etc/passwd', 'none-defined.md'],
  ]);
});
