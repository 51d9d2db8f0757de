import type { Db, Query } from '#store/database.ts';

/** A node of a plan as EXPLAIN prints it. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Subplan Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What a statement did. */
export interface Work {
  /** The tables that were read from beginning to end. */
  readonly scanned: readonly string[];
  readonly indexes: readonly string[];
  /** How many rows and index entries were looked at, hits or not. */
  readonly rowsTouched: number;
  /** How many the filter of a list holds for. */
  readonly hits: number;
  readonly milliseconds: number;
}

const explain = 'explain (analyze, timing off, format json)';

/** Runs a statement through the product's own connections and tells what it did. */
export async function workOf(db: Db, { text, values }: Query): Promise<Work> {
  const [row] = await db.list({ text: `${explain} ${text}`, values });
  return readPlan(row?.['QUERY PLAN']);
}

/** What a plan that was run did. */
export function readPlan(printed: unknown): Work {
  const [{ Plan: root, 'Execution Time': milliseconds }] = printed as [{ Plan: PlanNode; 'Execution Time': number }];
  const nodes = nodesOf(root).filter((node) => node['Actual Loops'] > 0);
  return {
    scanned: nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : [])),
    indexes: [...new Set(nodes.flatMap((node) => node['Index Name'] ?? []))],
    hits: nodes.find((node) => node['Subplan Name'] === 'CTE hit')?.['Actual Rows'] ?? 0,
    rowsTouched: nodes.reduce((sum, node) => sum + touchedBy(node), 0),
    milliseconds,
  };
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

function touchedBy(node: PlanNode): number {
  if (!node['Node Type'].includes('Scan') || node['Node Type'] === 'CTE Scan') return 0;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return (node['Actual Rows'] + removed) * node['Actual Loops'];
}
