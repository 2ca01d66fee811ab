import type { Columns } from '../../history/columns.ts';

/**
 * One order of all operations from orders of each key's (Herlihy & Wing 1990, theorem 1, which is about their union). Each operation takes a moment: its call, or the moment of the one
 * before it in its key's order, if that is later. That moment is a call of an operation no later in the order, so it comes before this one's return, or else this one would have had to stand before it;
 * therefore moments keep real time, and sorting by them keeps each key's order.
 */
export function merged({ call, ranks }: Columns, orders: readonly (readonly number[])[]): number[] {
  const from = new Int32Array(ranks + 2);
  const moments = orders.map((order) => {
    let moment = 0;
    return Int32Array.from(order, (row) => {
      moment = Math.max(moment, call[row] as number);
      from[moment + 1] = (from[moment + 1] as number) + 1;
      return moment;
    });
  });
  for (let rank = 0; rank <= ranks; rank++) from[rank + 1] = (from[rank + 1] as number) + (from[rank] as number);
  const all = new Array<number>(from[ranks + 1] as number);
  orders.forEach((order, o) => {
    order.forEach((row, i) => {
      const moment = (moments[o] as Int32Array)[i] as number;
      all[from[moment] as number] = row;
      from[moment] = (from[moment] as number) + 1;
    });
  });
  return all;
}
