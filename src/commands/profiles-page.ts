import { defaultProfile, profilePoints, profiles } from '#dialects/scim/profiles.ts';
import { code, markdownTable, pageHead } from './markdown.ts';

/** The page of the profiles: one line for each point on which clients differ. */
export function profilesPage(): string {
  const names = Object.keys(profiles) as (keyof typeof profiles)[];
  const points = Object.keys(profilePoints) as (keyof typeof profilePoints)[];
  const rows = points.map((point) => [
    code(point),
    profilePoints[point].about,
    profilePoints[point].values.map(code).join(' '),
    ...names.map((name) => code(profiles[name][point])),
  ]);
  const about = [
    'Identity providers contradict the RFC and one another. A profile says, point by point, how one kind of client is',
    `answered; a connection has one, ${code(defaultProfile)} when nobody chose.`,
  ].join(' ');
  return `${pageHead('Profiles', about)}\n${markdownTable(['Point', 'Meaning', 'Values', ...names], rows)}`;
}
