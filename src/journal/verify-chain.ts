import type { Db } from '#store/database.ts';
import { asReader, findAnchor, type Link, readLinks, readUncovered } from '#store/journal-links.ts';
import { type ChainEnd, findChainEnd } from '#store/journal-seals.ts';
import { checkLink, type Finding, type Walk, walkStart } from './check-link.ts';
import { type ChainHead, emptyChain } from './seal-journal.ts';

/** What a verification found. */
export interface Verification {
  readonly finding?: Finding;
  readonly sealed: number;
  /** Rows that no seal covers yet. */
  readonly unsealed: number;
  /** Sealed rows whose changes were erased. */
  readonly erased: number;
  /** The first place of the chain: 1, unless older rows were kept for long enough. */
  readonly begins: number;
  /** Where the chain ends now. */
  readonly head?: ChainHead;
}

/** How a journal is verified. */
export interface VerifyOptions {
  /** A head that was kept outside the database. */
  readonly kept?: { readonly position?: number; readonly hash: string };
  /** Told now and then how many links were looked at. */
  readonly progress?: (links: number) => void;
  /** By how much rows may be out of order, since transactions overlap. */
  readonly toleranceMs?: number;
}

const pageRows = 2_000;
const defaultToleranceMs = 3_600_000;

/** Walks the chain of a tenant from its beginning, a page in memory at a time, and names the first thing that is wrong. */
export async function verifyChain(db: Db, tenant: number, options: VerifyOptions = {}): Promise<Verification> {
  const end = await findChainEnd(asReader(db), tenant);
  const walked = await walkChain(db, tenant, options);
  const { walk, sealed, erased, begins } = walked;
  const uncovered = await countUncovered(db, tenant, end, walk, options);
  const cut = begins === 1 ? undefined : await unaskedCut(db, tenant);
  const finding = cut ?? walked.finding ?? uncovered.finding ?? missingHead(walked, options.kept);
  return {
    ...{ sealed, erased, begins, unsealed: uncovered.rows },
    ...(finding !== undefined && { finding }),
    ...(walk.lastSequence !== undefined && { head: { position: walk.position, hash: walk.hash } }),
  };
}

interface Walked {
  readonly walk: Walk;
  readonly finding?: Finding;
  readonly sealed: number;
  readonly erased: number;
  readonly begins: number;
  readonly metKept: boolean;
}

async function walkChain(db: Db, tenant: number, options: VerifyOptions): Promise<Walked> {
  let state = walkedFrom(await beginning(db, tenant), options.kept);
  for (;;) {
    const links = await readLinks(db, tenant, state.walk.position, pageRows);
    if (links.length === 0) return state;
    for (const link of links) {
      state = goOn(state, link, options);
      if (state.finding !== undefined) break;
    }
    options.progress?.(state.sealed);
    if (state.finding === undefined) continue;
    const later = await beginning(db, tenant);
    if (state.finding.kind !== 'removed' || later.position <= state.walk.position) return state;
    // Old rows went by while they were looked at.
    state = { ...walkedFrom(later, options.kept), sealed: state.sealed, erased: state.erased };
  }
}

function walkedFrom(walk: Walk, kept: VerifyOptions['kept']): Walked {
  return { walk, sealed: 0, erased: 0, begins: walk.position + 1, metKept: meets(walk, kept) };
}

function meets({ position, hash }: Walk, kept: VerifyOptions['kept']): boolean {
  return position > 0 && kept?.hash === hash && (kept.position ?? position) === position;
}

function goOn(state: Walked, link: Link, { kept, toleranceMs = defaultToleranceMs }: VerifyOptions): Walked {
  const next = checkLink(state.walk, link, toleranceMs);
  if ('kind' in next) return { ...state, finding: next };
  const isErased = link.seal.changesSalt === undefined;
  return {
    walk: next,
    ...(kept?.position === next.position && kept.hash !== next.hash && { finding: remadeChain(next) }),
    sealed: state.sealed + 1,
    erased: state.erased + Number(isErased),
    begins: state.begins,
    metKept: state.metKept || meets(next, kept),
  };
}

async function beginning(db: Db, tenant: number): Promise<Walk> {
  const anchor = await findAnchor(db, tenant);
  return anchor === undefined ? walkStart : { ...walkStart, position: anchor.position, hash: anchor.chainHash };
}

/** Only a retention makes a chain begin later. Without one somebody has moved its beginning. */
async function unaskedCut(db: Db, tenant: number): Promise<Finding | undefined> {
  const anchor = await findAnchor(db, tenant);
  if (anchor === undefined || !anchor.unasked) return undefined;
  const message = 'the oldest rows are gone, and the journal is to be kept for ever';
  return { kind: 'removed', position: 1, message };
}

function remadeChain({ position, lastSequence }: Walk): Finding {
  const about = lastSequence === undefined ? {} : { sequence: lastSequence };
  return {
    kind: 'altered',
    ...about,
    position,
    message: 'the chain was made anew: its hash here is not the one that was kept',
  };
}

function missingHead({ walk, begins, metKept }: Walked, kept: VerifyOptions['kept']): Finding | undefined {
  const tooOld = kept?.position !== undefined && kept.position < begins;
  if (kept === undefined || metKept || tooOld) return undefined;
  const position = walk.position + 1;
  const message = `the head that was kept is not in the chain, which ends ${walk.lastSequence === undefined ? 'where it begins' : `with the number ${walk.lastSequence}`}`;
  return { kind: 'cut off', position, message };
}

async function countUncovered(
  db: Db,
  tenant: number,
  end: ChainEnd | undefined,
  { lastSequence, order }: Walk,
  { toleranceMs = defaultToleranceMs }: VerifyOptions,
): Promise<{ rows: number; finding?: Finding }> {
  const passed = {
    end: end ?? emptyChain,
    highest: Math.max(order.highest, order.highestBefore, order.highestSettled, lastSequence ?? 0),
    ...(Number.isFinite(order.latestAtMs) && { latestAt: new Date(order.latestAtMs).toISOString() }),
    toleranceSeconds: toleranceMs / 1_000,
  };
  let [rows, from, inserted] = [0, 0, undefined as number | undefined];
  for (;;) {
    const page = await readUncovered(db, tenant, from, pageRows, passed);
    rows += page.rows;
    inserted ??= page.inserted;
    if (page.last === undefined) break;
    from = page.last;
  }
  if (inserted === undefined) return { rows };
  const message = 'the row has no seal, and its place in the chain is passed';
  return { rows, finding: { kind: 'inserted', sequence: inserted, message } };
}
