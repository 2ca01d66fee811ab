import { type Asked, type Finding, finish, type Model, type Verdict } from '../../src/checkers/model.ts';
import { type DataType, dataTypes } from '../../src/checkers/types.ts';
import { APPEND, type Columns, FAIL, READ, UNEQUAL } from '../../src/history/columns.ts';
import { PLAIN } from './definitions/anomalies.ts';
import { isWrite, keysOf, ofKey } from './definitions/common.ts';
import { type Definition, definitionOf } from './definitions/index.ts';
import { beginning, columnsOf, type History, KEYS, type Op, part, same } from './history.ts';

/** The checkers under test: the project's own, or a copy of them with a mistake in it. */
export interface Checkers {
  readonly models: readonly Model[];
  implied(model: Model): readonly Model[];
}

/** What a model's checker said, and what is wrong with that, if something is. */
export interface Outcome {
  readonly valid: Verdict['valid'];
  readonly wrong: string | undefined;
  /** How many operations the counterexample has. */
  readonly witness?: number | undefined;
}

/** More than any history of this size needs, and little enough that a search gone wild ends. */
const STEPS = 300_000;

export function modelIn(checkers: Checkers, name: string): Model {
  const model = checkers.models.find((one) => one.name === name);
  if (model === undefined) throw new Error(`there is no model ${name}`);
  return model;
}

function typeOf(name: string): DataType {
  const type = dataTypes.find((one) => one.name === name);
  if (type === undefined) throw new Error(`there is no type ${name}`);
  return type;
}

function ask(model: Model, history: History, columns: Columns, asked: Partial<Asked> = {}): Verdict {
  const type = typeOf(history.type);
  return finish(model.judge({ columns, types: columns.keys.map(() => type) }, { steps: STEPS, ...asked }));
}

/** A long history may be too much, and then is given up soon. */
const LARGE_STEPS = 20_000;

/** The most operations of which every order can be tried. */
const SMALL = 9;

/** Judges a history by a checker and by the definition. `thorough`: the weaker models too, whose verdicts follow. */
export function judge(checkers: Checkers, name: string, history: History, thorough: boolean): Outcome {
  const model = modelIn(checkers, name);
  const definition = definitionOf(name);
  if (definition === undefined) throw new Error(`nobody has written down what ${name} means`);
  const columns = columnsOf(history);
  if (history.ops.length > SMALL) return judgeLarge(model, definition, history, columns);
  const verdict = ask(model, history, columns, { order: thorough });
  const wrong =
    verdictWrong(definition, history, verdict) ??
    keysWrong(definition, history, columns, verdict) ??
    figuresWrong(definition, model, history, columns, verdict) ??
    anomaliesWrong(definition, history, verdict) ??
    (thorough
      ? (orderWrong(definition, history, verdict) ??
        impliedWrong(checkers, model, history, columns, verdict) ??
        hasteWrong(model, history, columns, verdict) ??
        bareWrong(model, history, columns, verdict))
      : unasked(verdict));
  return { valid: verdict.valid, wrong, witness: verdict.witness?.length };
}

/** Few enough steps that most judgements end before they know. */
const HASTY = [1, 4, 16, 64];

/** All that `judge` asks of the model itself, as a text: checkers that answer the same are right together, or wrong together. */
export function answersOf(checkers: Checkers, name: string, history: History, columns: Columns, thorough: boolean): string {
  const model = modelIn(checkers, name);
  if (history.ops.length > SMALL) return JSON.stringify(ask(model, history, columns, { order: true, steps: LARGE_STEPS }));
  const verdict = ask(model, history, columns, { order: thorough });
  const hasty = thorough ? HASTY.map((steps) => ask(model, history, columns, { steps })) : [];
  const figure = model.bound === undefined ? undefined : verdict.figures?.[0]?.value;
  const bounded = figure === undefined ? [] : [figure, figure - 1].map((bound) => ask(model, history, columns, { bound }));
  return JSON.stringify([verdict, hasty, bounded]);
}

/** The fewest steps, as a power of two, with which a verdict comes out; undefined where none are enough. */
export function stepsNeeded(checkers: Checkers, name: string, history: History): number | undefined {
  const model = modelIn(checkers, name);
  const columns = columnsOf(history);
  for (let steps = 1; steps <= STEPS; steps *= 2) if (ask(model, history, columns, { steps }).valid !== 'undecided') return steps;
  return undefined;
}

/** Whether so many steps are enough. */
export const decidesWithin = (checkers: Checkers, name: string, history: History, steps: number): boolean =>
  ask(modelIn(checkers, name), history, columnsOf(history), { steps }).valid !== 'undecided';

/** Where a figure was not found in time its bounds lie on both sides of it. */
function boundsOff({ bound }: Model, verdict: Verdict, { figures = [] }: Verdict): string | undefined {
  const [figure] = verdict.figures ?? [];
  const [least, most = least] = figures;
  if (bound === undefined || verdict.valid === 'undecided' || figure === undefined || least === undefined || most === undefined)
    return undefined;
  return least.value <= figure.value && figure.value <= most.value
    ? undefined
    : `${least.name} is between ${least.value} and ${most.value}, and it is ${figure.value}`;
}

/** The verdict alone is the same one. */
function bareWrong(model: Model, history: History, columns: Columns, { valid }: Verdict): string | undefined {
  const bare = ask(model, history, columns, { bare: true });
  return bare.valid === valid ? undefined : `asked for the verdict alone it says ${says(bare.valid)}`;
}

function unasked({ order, keys = [] }: Verdict): string | undefined {
  return order === undefined && keys.every((finding) => finding.order === undefined)
    ? undefined
    : 'it gives an order that nobody asked for';
}

/** A verdict that came out of few steps is the same one, or none. */
function hasteWrong(model: Model, history: History, columns: Columns, verdict: Verdict): string | undefined {
  const { valid } = verdict;
  for (const steps of HASTY) {
    const hasty = ask(model, history, columns, { steps });
    if (hasty.valid !== 'undecided' && hasty.valid !== valid) return `with ${steps} steps it says ${says(hasty.valid)}`;
    const wrong = reasonWrong(history, hasty) ?? boundsOff(model, verdict, hasty);
    if (wrong !== undefined) return `with ${steps} steps: ${wrong}`;
  }
  return undefined;
}

/**
 * Of a history too long to try every order, what can be known: that of a correct object is valid, a valid one has an order that explains it, and what is said to be a
 * counterexample is one by definition, where it is small.
 */
function judgeLarge(model: Model, definition: Definition, history: History, columns: Columns): Outcome {
  const verdict = ask(model, history, columns, { order: true, steps: LARGE_STEPS });
  if (verdict.valid === 'undecided') return { valid: verdict.valid, wrong: reasonWrong(history, verdict) };
  if (verdict.valid) return { valid: true, wrong: orderWrong(definition, history, verdict) };
  const { witness = [] } = verdict;
  if (history.correct && definition.exact !== true) return { valid: false, wrong: 'a correct object did this, and it is called invalid' };
  if (witness.length > SMALL) return { valid: false, wrong: reasonWrong(history, verdict), witness: witness.length };
  const alone = expectedOf(
    definition,
    part(history, (_, row) => witness.includes(row)),
  );
  return {
    valid: false,
    wrong:
      alone === false
        ? (reasonWrong(history, verdict) ?? lonelyIn(history, witness))
        : `the witness [${witness}] alone is ${says(alone)} by definition`,
    witness: witness.length,
  };
}

const says = (valid: Verdict['valid']): string => (valid === true ? 'valid' : valid === false ? 'invalid' : 'undecided');

/** By definition: invalid where a key is, undecided where one is. */
export function expectedOf(definition: Definition, history: History): Verdict['valid'] {
  if (!definition.byKey) return definition.valid(history);
  const all = keysOf(history).map((key) => definition.valid(ofKey(history, key)));
  return all.includes(false) ? false : all.includes('undecided') ? 'undecided' : true;
}

function verdictWrong(definition: Definition, history: History, verdict: Verdict): string | undefined {
  if (verdict.valid === 'undecided' && definition.exact !== true) return reasonWrong(history, verdict);
  const expected = expectedOf(definition, history);
  if (verdict.valid !== expected) return `the checker says ${says(verdict.valid)}, by definition it is ${says(expected)}`;
  if (definition.byKey !== (verdict.keys !== undefined)) return 'keys are judged one by one, or are not, against expectation';
  return verdict.keys === undefined ? findingWrong(definition, history, verdict, history) : reasonWrong(history, verdict);
}

/** What holds of a finding about `about`, which is the whole history or its part on a key. */
function findingWrong(definition: Definition, history: History, finding: Finding, about: History): string | undefined {
  if (finding.valid === true) return undefined;
  const reason = reasonWrong(history, finding);
  if (reason !== undefined || finding.valid !== false) return reason;
  const { witness = [], prefix, unplaced } = finding;
  if (witness.length === 0) return 'an invalid verdict has no witness';
  if (witness.some((row, i) => row <= (witness[i - 1] ?? -1) || row >= history.ops.length))
    return `the witness [${witness}] is no ascending list of rows`;
  if (witness.some((row) => !about.ops.includes(history.ops[row] as Op))) return `the witness [${witness}] has operations of another key`;
  const alone = expectedOf(
    definition,
    part(history, (_, row) => witness.includes(row)),
  );
  if (alone !== false) return `the witness [${witness}] alone is ${says(alone)} by definition`;
  const lonely = lonelyIn(history, witness);
  if (lonely !== undefined) return lonely;
  if (unplaced?.some((row) => !about.ops.includes(history.ops[row] as Op)) === true)
    return `operations [${unplaced}] are unplaced, but are not there`;
  if (prefix === undefined) return undefined;
  return (
    prefixWrong(definition, about, prefix) ?? unplaced?.map((row) => placeWrong(definition, history, about, prefix, row)).find(Boolean)
  );
}

/** A read in a counterexample that has lost every write that it could have seen: without them it seems to have read what nobody had written. */
function lonelyIn({ ops }: History, witness: readonly number[]): string | undefined {
  const shown = witness.map((row) => ops[row] as Op);
  if (ops.some(({ effect }) => effect === APPEND)) return undefined;
  const brings = (read: Op) => (op: Op) =>
    isWrite(op) && op.status !== FAIL && op.status !== UNEQUAL && op.key === read.key && op.call < read.ret && same(op.value, read.value);
  const lonely = shown.find((op) => op.effect === READ && op.value !== null && !shown.some(brings(op)) && ops.some(brings(op)));
  return lonely === undefined ? undefined : `the witness [${witness}] has lost every write of what #${lonely.id} read`;
}

function reasonWrong(history: History, { valid, reason, witness }: Finding): string | undefined {
  if (valid === true) return undefined;
  if (reason === undefined || reason === '') return `${says(valid)} without a reason`;
  const named = [...reason.matchAll(/#(\d+)/g)].map(([, id]) => Number(id));
  const shown = witness?.map((row) => history.ops[row]?.id) ?? history.ops.map(({ id }) => id);
  const strange = named.find((id) => !shown.includes(id));
  return strange === undefined ? undefined : `the reason names #${strange}, which is not in the witness: ${reason}`;
}

function prefixWrong(definition: Definition, about: History, prefix: number): string | undefined {
  const last = Math.max(0, ...about.ops.flatMap(({ call, ret }) => (ret < 1000 ? [call, ret] : [call])));
  if (expectedOf(definition, beginning(about, prefix)) === false) return `the beginning of ${prefix} events is invalid by definition`;
  for (let events = prefix + 1; events <= last; events++) {
    if (definition.valid(beginning(about, events)))
      return `the beginning of ${prefix} events is not the longest: that of ${events} is valid too`;
  }
  return undefined;
}

/** What cannot be placed makes the longest valid beginning invalid as soon as it has returned. */
function placeWrong(definition: Definition, history: History, about: History, prefix: number, row: number): string | undefined {
  const op = history.ops[row] as Op;
  const others = beginning(about, prefix).ops.filter(({ id }) => id !== op.id);
  const together = {
    ...about,
    ops: [...others, { ...op, ret: Math.min(op.ret, prefix + 1) }].sort((a, b) => a.call - b.call),
    correct: false,
  };
  return expectedOf(definition, together) === false ? undefined : `row ${row} is unplaced, and can be placed after ${prefix} events`;
}

function keysWrong(definition: Definition, history: History, columns: Columns, { keys }: Verdict): string | undefined {
  if (keys === undefined) return undefined;
  if (keys.length !== columns.keys.length) return `${keys.length} findings for ${columns.keys.length} keys`;
  for (const [k, finding] of keys.entries()) {
    const key = KEYS.indexOf(columns.keys[k] as (typeof KEYS)[number]);
    const about = ofKey(history, key);
    if (finding.key !== k) return `finding ${k} is about key ${finding.key}`;
    const expected = definition.valid(about);
    if ((finding.valid !== 'undecided' || definition.exact === true) && finding.valid !== expected)
      return `key ${KEYS[key]} is ${says(expected)} by definition`;
    if (finding.operations !== about.ops.length)
      return `key ${KEYS[key]} has ${about.ops.length} operations, and ${finding.operations} are told`;
    const wrong = findingWrong(definition, history, finding, about);
    if (wrong !== undefined) return `key ${KEYS[key]}: ${wrong}`;
  }
  return undefined;
}

function orderWrong({ explains }: Definition, history: History, { valid, order, keys }: Verdict): string | undefined {
  if (valid !== true || explains === undefined) return undefined;
  if (order === undefined && keys?.every((finding) => finding.order !== undefined) !== true)
    return 'valid, and no order is given where it was asked for';
  const opsOf = (rows: readonly number[]): readonly Op[] => rows.map((row) => history.ops[row] as Op);
  if (order !== undefined) return explains(history, opsOf(order)) ? undefined : `the order [${order}] explains nothing`;
  for (const finding of keys ?? []) {
    if (finding.order === undefined) continue;
    const rows = opsOf(finding.order);
    const about = ofKey(history, rows[0]?.key ?? 0);
    if (rows.length > 0 && !explains(about, rows)) return `the order [${finding.order}] of one key explains nothing`;
  }
  return undefined;
}

function figuresWrong(definition: Definition, model: Model, history: History, columns: Columns, verdict: Verdict): string | undefined {
  const { figures } = definition;
  if (figures === undefined || (verdict.valid === 'undecided' && definition.exact !== true)) return undefined;
  // A figure of all keys says nothing where one of them is left open.
  if (definition.exact !== true && verdict.keys?.some(({ valid }) => valid === 'undecided') === true) return undefined;
  for (const [name, expected] of figures(history)) {
    const measured = verdict.figures?.find((figure) => figure.name === name)?.value;
    if (measured !== expected) return `${name} is ${expected} by definition, and ${measured} was measured`;
  }
  return model.bound === undefined ? undefined : boundsWrong(model, history, columns, figures);
}

/** Where something is wrong in itself the verdict names all that is, and nothing else of that kind; elsewhere it tells of the plainest cycle. */
function anomaliesWrong({ anomalies, cycle }: Definition, history: History, { figures = [], reason }: Verdict): string | undefined {
  if (anomalies === undefined) return undefined;
  const { must, may } = anomalies(history);
  if (must.size === 0) {
    const name = may.size === 0 ? cycle?.(history) : undefined;
    return name === undefined || reason?.startsWith(`${name}: `) === true
      ? undefined
      : `the plainest cycle is ${name}, and the reason is: ${reason}`;
  }
  const missing = [...must].find((name) => !figures.some((figure) => figure.name === name));
  if (missing !== undefined) return `${missing} is in the history by definition, and is not named`;
  const strange = figures.find(({ name }) => PLAIN.some((one) => one === name) && !must.has(name) && !may.has(name));
  return strange === undefined ? undefined : `${strange.name} is named, and is not in the history by definition`;
}

type Figures = (history: History) => ReadonlyMap<string, number>;

/** A bound below the figure makes a history invalid; one at the figure does not. */
function boundsWrong(model: Model, history: History, columns: Columns, figures: Figures): string | undefined {
  const figureOf = (one: History): number => [...figures(one).values()][0] ?? 0;
  const figure = figureOf(history);
  if (!Number.isFinite(figure)) return undefined;
  for (const bound of [figure, figure - 1]) {
    if (bound < 0) continue;
    const { valid, witness = [], reason } = ask(model, history, columns, { bound });
    if (valid !== 'undecided' && valid !== bound >= figure)
      return `with bound ${bound} it says ${says(valid)}, and the figure is ${figure}`;
    const wrong = valid === false ? staleWrong(history, witness, bound, figureOf) : undefined;
    const strange = wrong ?? reasonWrong(history, { valid, witness, ...(reason === undefined ? {} : { reason }) });
    if (strange !== undefined) return `with bound ${bound}: ${strange}`;
  }
  return undefined;
}

/** A counterexample to a bound is beyond it by itself, and would not be without any one of its reads. */
function staleWrong(history: History, witness: readonly number[], bound: number, figureOf: (one: History) => number): string | undefined {
  if (witness.some((row, i) => row <= (witness[i - 1] ?? -1) || row >= history.ops.length))
    return `the witness [${witness}] is no ascending list of rows`;
  const among = (rows: readonly number[]): number => figureOf(part(history, (_, row) => rows.includes(row)));
  const figure = among(witness);
  if (figure <= bound) return `the witness [${witness}] alone has the figure ${figure}`;
  // Nothing at all is 1-atomic, and no less.
  const least = figureOf({ ...history, ops: [] });
  if (bound < least) return undefined;
  const idle = witness.find((row) => history.ops[row]?.effect === READ && among(witness.filter((other) => other !== row)) > bound);
  return idle === undefined ? undefined : `the witness [${witness}] does not need row ${idle}`;
}

function impliedWrong(checkers: Checkers, model: Model, history: History, columns: Columns, { valid }: Verdict): string | undefined {
  if (valid !== true) return undefined;
  const weaker = checkers.implied(model).filter(({ judges }) => judges.includes(history.type));
  const broken = weaker.find((other) => ask(other, history, columns).valid === false);
  return broken === undefined ? undefined : `valid, although ${broken.name}, which ${model.name} implies, is violated`;
}
