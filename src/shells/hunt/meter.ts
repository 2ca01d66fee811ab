import type { Tally } from '../../hunt/ledger.ts';
import { count } from '../../hunt/report.ts';
import { MeterLine } from '../meter.ts';

/** How far a hunt is. */
export class HuntMeter extends MeterLine {
  runs({ runs, events }: Tally, of: number): void {
    const perS = runs / Math.max(0.001, this.passedMs / 1000);
    this.show(`${count(runs)} of ${count(of)} runs, ${count(Math.round(perS))} a second, ${count(events)} events`);
  }

  shrinking(lines: number, tries: number): void {
    this.show(`found; making it smaller: ${count(lines)} commands left, ${count(tries)} tries`);
  }
}
