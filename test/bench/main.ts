import { causality } from './causal.ts';
import { checkers } from './checkers.ts';
import { events } from './events.ts';
import { hunt } from './hunt.ts';
import { idle } from './idle.ts';
import { type Bench, table } from './measure.ts';
import { scale } from './scale.ts';
import { session } from './session.ts';
import { start } from './start.ts';

/** `npm run bench`, or `npm run bench -- events idle` for some of it. Always ends with 0: a slow machine is no failure, the table says what is missed. */
const benches: readonly Bench[] = [causality, checkers, events, hunt, idle, scale, session, start];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((word) => !benches.some(({ name }) => name === word));
if (unknown.length > 0) {
  console.log(`there is no bench ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}`);
} else {
  console.log(`Node ${process.version}. Each figure: the median of its rounds, and between what four of five lie.`);
  let missed = 0;
  for (const bench of benches) {
    if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
    console.log(`\n${bench.title}`);
    const report = table(await bench.run());
    missed += report.missed;
    console.log(report.text);
  }
  console.log(missed === 0 ? '\nEvery aim is reached.' : `\n${missed} aim${missed === 1 ? ' is' : 's are'} missed.`);
}
