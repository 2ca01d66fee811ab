/**
 * What can be wrong with transactions, the plainest first: of several the verdict tells about the first. The cycles are Adya's (Weak Consistency, MIT 1999, chapter 4;
 * Adya, Liskov & O'Neil, ICDE 2000), the others are section 4 and 6 of Kingsbury & Alvaro, PVLDB 14(3), 2020.
 */
const ORDER = [
  'internal',
  'future-read',
  'garbage-read',
  'G1a',
  'dirty-update',
  'duplicate-elements',
  'incompatible-order',
  'G1b',
  'G0',
  'G1c',
  'G-single',
  'G2-item',
  'G0-realtime',
  'G1c-realtime',
  'G-single-realtime',
  'G2-item-realtime',
  'no-order',
] as const;

export type AnomalyName = (typeof ORDER)[number];

/** One anomaly, by the rows of the transactions that show it. */
export interface Anomaly {
  readonly name: AnomalyName;
  readonly rows: readonly number[];
  readonly reason: string;
}

/** Counts anomalies, and keeps the first of each name. */
export class Anomalies {
  private readonly counts = new Map<AnomalyName, number>();
  private readonly firsts = new Map<AnomalyName, Anomaly>();

  /** The anomaly is worked out only where it is the first of its name. */
  add(name: AnomalyName, make: () => Omit<Anomaly, 'name'>): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (!this.firsts.has(name)) this.firsts.set(name, { name, ...make() });
  }

  get none(): boolean {
    return this.counts.size === 0;
  }

  has(name: AnomalyName): boolean {
    return this.counts.has(name);
  }

  get first(): Anomaly | undefined {
    const name = ORDER.find((each) => this.firsts.has(each));
    return name === undefined ? undefined : this.firsts.get(name);
  }

  get figures(): readonly { readonly name: AnomalyName; readonly value: number }[] {
    return ORDER.flatMap((name) => {
      const value = this.counts.get(name);
      return value === undefined ? [] : [{ name, value }];
    });
  }
}
