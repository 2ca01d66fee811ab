import type { Model } from '../model.ts';
import { judgeTransactions } from './judge.ts';

const source =
  "Kingsbury & Alvaro, Elle, PVLDB 14(3), 2020, sections 4 to 6; the cycles are of Adya, Liskov & O'Neil, Generalized isolation level definitions, ICDE 2000";

/**
 * Transactions one after the other, in an order that keeps real time. "Valid" is said of a history for which such an order was found and executed; "invalid" where an
 * anomaly shows that there is none, or where all orders were tried. Over lists with distinct elements one or the other is always so, in linear time. Over registers the
 * question is NP-complete (Papadimitriou 1979), and "undecided" means that no anomaly was found, which is as much as Elle says, and no order either.
 */
export const strictSerializable: Model = {
  name: 'strict-serializable',
  aliases: ['strict-serializability', 'strong-serializable', 'strict-1sr'],
  says: 'every transaction seems to happen as a whole at one moment between its call and its return',
  source,
  implies: ['serializable'],
  judges: ['list-append', 'rw-register'],
  judge: (recorded, asked) => judgeTransactions(recorded, asked, true),
};

/** The same in an order that need not keep real time. */
export const serializable: Model = {
  name: 'serializable',
  aliases: ['serializability', '1sr', 'pl-3'],
  says: 'the transactions seem to happen as wholes, one after the other in some order',
  source,
  implies: [],
  judges: ['list-append', 'rw-register'],
  judge: (recorded, asked) => judgeTransactions(recorded, asked, false),
};
