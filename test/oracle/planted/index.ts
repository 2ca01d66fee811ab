import { inEndings } from './elements.ts';
import type { Mistake } from './mistake.ts';
import { inObjects } from './objects.ts';
import { inOrders } from './orders.ts';
import { inRegisters } from './registers.ts';
import { inSessions } from './sessions.ts';
import { inStaleness } from './staleness.ts';
import { inTransactions } from './transactions.ts';

/** The mistakes that the tests plant, in two parts that take about as long. */
export const parts: readonly [readonly Mistake[], readonly Mistake[]] = [
  [...inRegisters, ...inObjects, ...inEndings, ...inStaleness],
  [...inOrders, ...inSessions, ...inTransactions],
];
