import type { Cell, Column } from './matrix-row.ts';

/** A guard of the product: what it looks like in its file, what is left when it is off, and a cell that then changes. */
export interface Guard {
  readonly name: string;
  /** Below src. */
  readonly file: string;
  readonly text: string;
  readonly off: string;
  /** The name of the row. */
  readonly row: string;
  readonly column: Column;
  /** What then becomes of the request; absent: it is done. */
  readonly found?: Cell;
}
