import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Valid } from '../../../src/checkers/model.ts';
import type { Columns } from '../../../src/history/columns.ts';
import { columnsOf, type History } from '../history.ts';
import { answersOf, stepsNeeded } from '../judge.ts';
import { type Course, historyAt, LARGE, THOROUGH } from '../plan.ts';
import type { Work } from './instrument.ts';
import type { Modules } from './modules.ts';

/** A history that the checkers as they stand have judged, what they answered, and what of them ran meanwhile. Only its number is kept, which is enough to draw it again. */
export interface Exhibit {
  readonly index: number;
  readonly answers: string;
  /** Of long histories the definitions cannot say, but the checker as it stands can, and has been held to them on the small ones. */
  readonly valid: Valid;
  /** How short a counterexample it finds. */
  readonly witness: number;
  /** How many steps it needs, where that was measured. */
  readonly steps: number | undefined;
  /** How often its loops go round. */
  readonly rounds: number;
  /** The sites that ran, ascending. */
  readonly sites: Uint32Array;
}

/** Histories drawn for each model and type. */
const DRAWN = 1500;
/** So many are kept whatever they reach, */
const KEPT = 200;
/** and others while they reach what so few have reached. */
const ENOUGH = 60;
/** One of so many is a long history. */
const MIXED = 7;
/** Of loops, in one judgement: a history that takes more is too dear for judging thousands of mutants. */
const ROUNDS = 300_000;

export const isThorough = (index: number): boolean => index % THOROUGH === 0;
const isLong = (index: number): boolean => index % LARGE === LARGE - 1;

const drawn = (course: Course, seed: number, index: number): { readonly history: History; readonly columns: Columns } => {
  const history = historyAt(course, seed, index);
  return { history, columns: columnsOf(history) };
};

/** Lets the checkers as they are judge histories of a course, and keeps those by which the most can be seen. */
export function makeExhibits(modules: Modules, course: Course, seed: number): readonly Exhibit[] {
  const { seen, work } = modules;
  const checkers = modules.checkers();
  const reached = new Uint32Array(seen.length);
  const kept: Exhibit[] = [];
  for (let n = 0; n < DRAWN; n++) {
    const index = n % MIXED === MIXED - 1 ? LARGE * Math.floor(n / MIXED) + LARGE - 1 : n;
    const { history, columns } = drawn(course, seed, index);
    seen.fill(0);
    work.left = ROUNDS;
    const answers = affordable(work, () => answersOf(checkers, course.model, history, columns, isThorough(index)));
    if (answers === undefined) continue;
    const rounds = ROUNDS - work.left;
    const sites = marked(seen);
    if (kept.length >= KEPT && sites.every((site) => (reached[site] as number) >= ENOUGH)) continue;
    for (const site of sites) reached[site] = (reached[site] as number) + 1;
    work.left = ROUNDS;
    const measured = isThorough(index) || isLong(index);
    const steps = measured ? affordable(work, () => stepsNeeded(checkers, course.model, history)) : undefined;
    const first = JSON.parse(answers) as unknown;
    const verdict = (Array.isArray(first) ? first[0] : first) as { readonly valid: Valid; readonly witness?: readonly number[] };
    kept.push({ index, answers, valid: verdict.valid, witness: verdict.witness?.length ?? 0, steps, rounds, sites });
  }
  return kept;
}

/** Undefined where the loops go round too often. */
function affordable<T>(work: Work, judge: () => T): T | undefined {
  try {
    return judge();
  } catch (error) {
    if (work.left < 0) return undefined;
    throw error;
  }
}

function marked(seen: Uint8Array): Uint32Array {
  const sites: number[] = [];
  for (let site = seen.indexOf(1); site >= 0; site = seen.indexOf(1, site + 1)) sites.push(site);
  return Uint32Array.from(sites);
}

/** Exhibits of one course, some of them drawn again. */
export class Shelf {
  readonly course: Course;
  readonly exhibits: readonly Exhibit[];
  private readonly seed: number;
  private readonly ready = new Map<number, { readonly history: History; readonly columns: Columns }>();

  constructor(course: Course, seed: number, exhibits: readonly Exhibit[]) {
    this.course = course;
    this.seed = seed;
    this.exhibits = exhibits;
  }

  history({ index }: Exhibit): { readonly history: History; readonly columns: Columns } {
    const known = this.ready.get(index);
    if (known !== undefined) return known;
    const one = drawn(this.course, this.seed, index);
    this.ready.set(index, one);
    return one;
  }
}

/** The file in which exhibits wait for the next run: of the same course, seed and texts. */
export const shelfFile = ({ model, type }: Course, seed: number, texts: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify([seed, DRAWN, KEPT, ENOUGH, texts]));
  return `node_modules/.cache/oracle/shelves/${model}-${type}-${hash.digest('hex').slice(0, 16)}.json`;
};

export function store(file: string, exhibits: readonly Exhibit[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const rows = exhibits.map((one) => ({ ...one, sites: Buffer.from(one.sites.buffer).toString('base64') }));
  // Others may be reading, or writing the same.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(rows));
  renameSync(draft, file);
}

export function stored(file: string): readonly Exhibit[] | undefined {
  if (!existsSync(file)) return undefined;
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly (Omit<Exhibit, 'sites'> & { readonly sites: string })[];
  return rows.map((row) => {
    const bytes = Uint8Array.from(Buffer.from(row.sites, 'base64'));
    return { ...row, sites: new Uint32Array(bytes.buffer) };
  });
}
