import { judgeOperations } from '../checkers/index.ts';
import { isProblem } from '../core/problem.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Operation } from '../history/operation.ts';
import type { Live } from '../session/live.ts';
import { operationOf } from '../session/rows.ts';
import type { Row } from '../session/types.ts';
import { unsettled } from '../sim/leap.ts';
import type { Expectations, Goal, Property } from './goal.ts';
import type { Trial } from './trial.ts';

/** How far one judgement may go. A run that is not decided within it says nothing. */
const STEPS = 200_000;

/** What was looked for, found. */
export interface Breach {
  /** One sentence for people. */
  readonly reason: string;
  /** The lines that end the script and show it. */
  readonly ending: readonly string[];
  /** How many of the run's lines it takes; those behind them say nothing more. */
  readonly length: number;
  /** Lines that must stand behind one of the run's, by how many stand before them. */
  readonly after?: number;
}

/** Looks at one run as it goes. */
export class Watch {
  readonly #goal: Goal;
  readonly #expectations: Expectations;
  /** Which node led a term, and after how many lines it last stood there leading; 0: only ever in the middle of one. */
  readonly #led = new Map<number, { readonly proc: number; shown: number }>();
  #twice: Breach | undefined;
  #last: Row | undefined;
  /** The command after which all was mended and at rest, and has been since. */
  #calm: number | undefined;

  constructor(goal: Goal, expectations: Expectations) {
    this.#goal = goal;
    this.#expectations = expectations;
  }

  /** Whether it must see every moment, also within a wait. */
  get closely(): boolean {
    return this.#goal.property.kind === 'leaders';
  }

  /** Whether what is read at the end may show it. */
  get reads(): boolean {
    const { property } = this.#goal;
    return property.kind === 'stale' || property.kind === 'model' || (property.kind === 'expect' && property.about === 'result');
  }

  /** Looks at who leads. True: that is it. */
  glance(trial: Trial): boolean {
    const { size } = trial.live.world;
    for (let proc = 0; proc < size; proc++) {
      const term = trial.leads(proc);
      if (term === 0) continue;
      const known = this.#led.get(term);
      if (known === undefined) this.#led.set(term, { proc, shown: 0 });
      else if (known.proc !== proc && this.#twice === undefined) this.#twice = twoLeaders(trial, known, proc, term);
    }
    return this.#twice !== undefined;
  }

  /** After each line. */
  after(trial: Trial): Breach | undefined {
    const { property } = this.#goal;
    if (property.kind === 'leaders') return this.#leaders(trial);
    if (property.kind === 'model' && property.calm) this.#calm = atRest(trial) ? (this.#calm ?? trial.n) : undefined;
    if (property.kind !== 'expect' || property.about !== 'result' || trial.live.last === this.#last) return undefined;
    this.#last = trial.live.last;
    return failure(trial, property, this.#expectations);
  }

  #leaders(trial: Trial): Breach | undefined {
    this.glance(trial);
    if (this.#twice !== undefined) return { ...this.#twice, length: trial.lines.length };
    for (const [term, led] of this.#led) if (trial.leads(led.proc) === term) led.shown = trial.lines.length;
    return undefined;
  }

  /** When all lines have been said. */
  end(trial: Trial): Breach | undefined {
    const { property } = this.#goal;
    switch (property.kind) {
      case 'leaders':
        return undefined;
      case 'stale':
        return staleRead(trial);
      case 'expect':
        return property.about === 'cluster' && atRest(trial) ? failure(trial, property, this.#expectations) : undefined;
      case 'model': {
        const operations = historyOf(trial.live);
        const { model, bound } = property;
        const verdict = judgeOperations(model, operations, { steps: STEPS, ...(bound === undefined ? {} : { bound }) });
        if (verdict.valid !== false) return undefined;
        // A read before that may have missed what the next one finds.
        const last = Math.max(0, ...(verdict.witness ?? []).map((row) => operations[row]?.id ?? 0));
        if (property.calm && (this.#calm === undefined || last <= this.#calm)) return undefined;
        const said = bound === undefined ? model.name : `${model.name}=${model.bound === 'us' ? `${bound}us` : bound}`;
        return {
          reason: verdict.reason ?? `the history is not ${said}`,
          ending: bound === undefined ? [`check ${said}`, `expect check ${said} violated`] : [`check ${said}`],
          length: trial.lines.length,
        };
      }
      default:
        return unreachable(property);
    }
  }
}

/** All is mended, everybody is up, and nothing is on its way: what is wrong with the cluster now stays so. */
function atRest({ live }: Trial): boolean {
  const { world } = live;
  if (world.network.rules.length > 0) return false;
  for (const node of world.nodes) if (!node.up || node.paused || node.slowUs > 0 || node.rate !== 1) return false;
  return unsettled(world) === undefined;
}

/** Undefined where the first of the two has gone and no line ended while it led: then no script can show it. */
function twoLeaders(
  trial: Trial,
  first: { readonly proc: number; readonly shown: number },
  second: number,
  term: number,
): Breach | undefined {
  const { live } = trial;
  const both = trial.leads(first.proc) === term;
  if (!both && first.shown === 0) return undefined;
  return {
    reason: `${live.name(first.proc)} and ${live.name(second)} both led term ${term}${both ? '' : ', one after the other'}`,
    ending: ['state'],
    length: trial.lines.length,
    ...(both ? {} : { after: first.shown }),
  };
}

function staleRead(trial: Trial): Breach | undefined {
  const { rows, last } = trial.live;
  for (let n = 2; n <= trial.n; n++) {
    const row = rows.get(n);
    if (row?.stale !== true) continue;
    return {
      reason: `command ${n} read ${said(row.value)} though ${row.latest === null ? 'a delete' : said(row.latest)} had been acknowledged before`,
      ending: [last?.n === n ? 'expect stale' : `expect op ${n} stale`],
      length: trial.lines.length,
    };
  }
  return undefined;
}

function said(value: Row['value']): string {
  return value === null || value === undefined ? 'no value' : String(value);
}

function failure(
  trial: Trial,
  { line, args, ending }: Extract<Property, { kind: 'expect' }>,
  expectations: Expectations,
): Breach | undefined {
  const finding = expectations.judge(trial.viewStage(line), args);
  if (isProblem(finding) || finding.held !== false) return undefined;
  return { reason: finding.actual, ending: [ending], length: trial.lines.length };
}

/** The history so far, operations that are still open included, in order of invocation. */
function historyOf(live: Live): readonly Operation[] {
  const open = [...live.open.values()].flatMap((pending) => operationOf(live, pending, undefined) ?? []);
  return [...live.history.items, ...open].sort((a, b) => a.callRank - b.callRank);
}
