import { Fault } from './fault.ts';
import type { Filter } from './filter.ts';
import { domainLimits } from './limits.ts';

/** How many more elements one write may go through. Counted down as its changes are applied. */
export interface Steps {
  left: number;
}

/** The steps that a write begins with. */
export function allSteps(): Steps {
  return { left: domainLimits.elementSteps };
}

/** Takes steps for work that is about to be done, so that many changes of a long list end early. Raises `too_large`. */
export function spendSteps(steps: Steps, count: number): void {
  steps.left -= count;
  if (steps.left >= 0) return;
  throw new Fault(
    'too_large',
    `the changes of one write may go through ${domainLimits.elementSteps} elements; send some of them in another`,
  );
}

/** How many tests a filter makes of one element. */
export function testsIn(filter: Filter): number {
  if (filter.op === 'and' || filter.op === 'or') return filter.filters.reduce((sum, one) => sum + testsIn(one), 0);
  return filter.op === 'not' || filter.op === 'some' ? testsIn(filter.filter) : 1;
}
