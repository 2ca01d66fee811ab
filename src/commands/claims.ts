import { readWish, type Wish } from '../checkers/wish.ts';
import { same } from '../core/copy.ts';
import type { Op } from '../core/ids.ts';
import { byCode } from '../core/order.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { clip, formatDuration, parseDuration } from '../core/units.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Statement, Word } from '../lang/statement.ts';
import { type Comparison, placeOf, type Reader } from '../lang/words.ts';
import { inspect } from '../session/overview.ts';
import type { Stage } from '../session/stage.ts';
import type { Row } from '../session/types.ts';
import type { Value } from '../sim/process.ts';
import { judgeNow } from './judging.ts';
import { nameWords } from './words.ts';

/** What `expect` can state. `op` judges a numbered operation instead of the last one. */
export type Claim =
  | { readonly kind: 'outcome'; readonly outcome: 'ok' | 'fail' | 'unknown'; readonly op: Op | undefined }
  | { readonly kind: 'value'; readonly value: string | null; readonly op: Op | undefined }
  | { readonly kind: 'siblings'; readonly values: readonly string[]; readonly op: Op | undefined }
  | { readonly kind: 'stale' | 'fresh'; readonly op: Op | undefined }
  | { readonly kind: 'error'; readonly part: string; readonly op: Op | undefined }
  | { readonly kind: 'took'; readonly comparison: Comparison; readonly us: number; readonly op: Op | undefined }
  | { readonly kind: 'leader'; readonly among: readonly Word[] }
  | { readonly kind: 'no leader' }
  | { readonly kind: 'holds'; readonly key: string; readonly node: Word; readonly value: string | null }
  | { readonly kind: 'converged' }
  | { readonly kind: 'check'; readonly wish: Wish; readonly violated: boolean };

/** `undefined`: the claim speaks of a value and there is none, so neither it nor its negation holds. */
export interface Finding {
  readonly holds: boolean;
  readonly undefined?: true;
  readonly actual: string;
  /** The operation it is about, for `why`. */
  readonly op?: Op;
}

export function readClaim(reader: Reader, statement: Statement): Claim | Problem {
  const { at } = statement;
  if (at !== undefined) return readHolds(reader, at);
  if (reader.keyword('op') !== undefined) {
    const op = reader.integer('the number of a command', 1, 1_000_000_000);
    return isProblem(op) ? op : readResult(reader, op);
  }
  const next = reader.peek(1);
  const word = reader.peek();
  if (word?.quoted === false && word.text.toLowerCase() === 'no' && next?.text.toLowerCase() === 'leader') {
    reader.skip();
    reader.skip();
    return { kind: 'no leader' };
  }
  if (reader.keyword('leader') !== undefined) return readLeader(reader);
  if (reader.keyword('check') !== undefined) return readCheck(reader);
  if (reader.left === 1 && reader.keyword('converged') !== undefined) return { kind: 'converged' };
  return readResult(reader, undefined);
}

/** `x = apple @c`: to the reader of lines it looks like an option, whose names are in lower case; the key is as it was written. */
export function readSpread(statement: Statement): Claim | Problem | undefined {
  const [option, second] = statement.options;
  if (option === undefined || second !== undefined) return undefined;
  const key = statement.text.slice(option.name.from - statement.place.from, option.name.to - statement.place.from);
  if (statement.at !== undefined) return { kind: 'holds', key, node: statement.at, value: valueIn(option.value) };
  return new Problem(
    `whose copy of ${clip(key)} is meant?`,
    `name the node: expect ${clip(key)}@c = ${clip(option.value.text)}; for what was read: expect ${clip(option.value.text)}`,
    placeOf(option.name),
  );
}

function readHolds(reader: Reader, node: Word): Claim | Problem {
  const key = reader.name('key');
  if (isProblem(key)) return key;
  if (reader.keyword('=') === undefined)
    return new Problem(
      `what should ${key.text}@${node.text} be?`,
      `write for example: expect ${key.text}@${node.text} = apple`,
      placeOf(key),
    );
  const value = reader.word('a value');
  return isProblem(value) ? value : { kind: 'holds', key: key.text, node, value: valueIn(value) };
}

function valueIn(word: Word): string | null {
  return !word.quoted && word.text.toLowerCase() === 'none' ? null : word.text;
}

function readLeader(reader: Reader): Claim | Problem {
  reader.keyword('in');
  const among = nameWords(reader);
  return among.length > 0 ? { kind: 'leader', among } : (reader.word('a node') as Problem);
}

function readCheck(reader: Reader): Claim | Problem {
  const word = reader.word('a consistency model');
  if (isProblem(word)) return word;
  const wish = readWish(word.text, undefined, placeOf(word));
  if (isProblem(wish)) return wish;
  return { kind: 'check', wish, violated: reader.keyword('violated') !== undefined };
}

function readResult(reader: Reader, op: Op | undefined): Claim | Problem {
  const took = reader.comparison('took');
  if (isProblem(took)) return took;
  if (took !== undefined) {
    const us = parseDuration(took.operand.text);
    return isProblem(us) ? us.near(placeOf(took.operand)) : { kind: 'took', comparison: took, us, op };
  }
  const outcome = reader.keyword('ok', 'fail', 'unknown');
  if (outcome !== undefined) return { kind: 'outcome', outcome, op };
  const freshness = reader.keyword('stale', 'fresh');
  if (freshness !== undefined) return { kind: freshness, op };
  if (reader.keyword('error') !== undefined) {
    const part = reader.value('a part of the error text');
    return isProblem(part) ? part : { kind: 'error', part, op };
  }
  if (reader.keyword('siblings') !== undefined) return readSiblings(reader, op);
  const value = reader.word('what you expect');
  return isProblem(value) ? value : { kind: 'value', value: valueIn(value), op };
}

function readSiblings(reader: Reader, op: Op | undefined): Claim | Problem {
  const values: string[] = [];
  do {
    const value = reader.value();
    if (isProblem(value)) return value;
    values.push(value);
  } while (reader.left > 0);
  return { kind: 'siblings', values, op };
}

export function judge(stage: Stage, claim: Claim): Finding | Problem {
  switch (claim.kind) {
    case 'leader':
    case 'no leader':
      return judgeLeader(stage, claim);
    case 'holds': {
      const proc = stage.node(claim.node);
      if (isProblem(proc)) return proc;
      const value = heldBy(stage, proc, claim.key);
      const writer = stage.live.history.items.findLast((op) => op.key === claim.key && op.effect !== 'read');
      return {
        holds: same(value, claim.value) || (typeof value === 'number' && String(value) === claim.value),
        actual: `${claim.node.text} holds ${say(value)}`,
        ...(writer === undefined ? {} : { op: writer.id }),
      };
    }
    case 'converged':
      return judgeConverged(stage);
    case 'check': {
      const verdict = judgeNow(stage.live, claim.wish);
      const { name } = claim.wish.model;
      const actual =
        verdict.valid === 'undecided'
          ? `undecided: ${verdict.reason ?? 'the step budget ran out'}`
          : `${name} ${verdict.valid ? 'holds' : 'is violated'}`;
      return { holds: claim.violated ? verdict.valid === false : verdict.valid === true, actual };
    }
    default:
      return judgeResult(stage, claim);
  }
}

type ResultClaim = Extract<Claim, { readonly op: Op | undefined }>;

function judgeResult(stage: Stage, claim: ResultClaim): Finding | Problem {
  const row = claim.op === undefined ? stage.live.last : stage.live.rows.get(claim.op);
  if (row === undefined && claim.op !== undefined && stage.live.open.has(claim.op)) {
    return claim.kind === 'outcome'
      ? { holds: claim.outcome === 'unknown', actual: 'it is still open', op: claim.op }
      : { holds: false, undefined: true, actual: 'it is still open' };
  }
  if (row === undefined) {
    return claim.op === undefined
      ? new Problem('there is no result to judge yet', 'run a client operation first: read x', stage.statement.place)
      : new Problem(
          `command ${claim.op} is no client operation of this timeline`,
          'history shows the numbers of operations',
          stage.statement.place,
        );
  }
  return { ...judgeRow(row, claim), op: row.n };
}

function judgeRow(row: Row, claim: ResultClaim): Finding {
  switch (claim.kind) {
    case 'outcome':
      return { holds: row.outcome === claim.outcome, actual: ending(row) };
    case 'error':
      return {
        holds: row.error?.includes(claim.part) === true,
        actual: row.error === undefined ? `${ending(row)}, without an error` : ending(row),
      };
    case 'took':
      return { holds: compare(row.tookUs, claim.comparison.operator, claim.us), actual: `it took ${formatDuration(row.tookUs)}` };
    case 'value':
    case 'siblings':
      return judgeValue(row, claim);
    case 'stale':
    case 'fresh':
      if (row.stale === undefined)
        return {
          holds: false,
          undefined: true,
          actual:
            row.value === undefined || row.outcome !== 'ok' || !isRead(row)
              ? `no value was read: ${ending(row)}`
              : 'staleness is not defined for this value',
        };
      return {
        holds: row.stale === (claim.kind === 'stale'),
        actual: row.stale ? `it is stale: ${say(row.latest ?? null)} was acknowledged before` : 'it is not stale',
      };
    default:
      return unreachable(claim);
  }
}

function judgeValue(row: Row, claim: Extract<Claim, { readonly kind: 'value' | 'siblings' }>): Finding {
  if (row.outcome !== 'ok' || row.value === undefined || !isRead(row))
    return { holds: false, undefined: true, actual: `no value was read: ${ending(row)}` };
  const { value } = row;
  const actual = `it read ${say(value)}`;
  if (claim.kind === 'siblings')
    return { holds: Array.isArray(value) && same([...value].sort(byCode), [...claim.values].sort(byCode)), actual };
  if (Array.isArray(value)) return { holds: value.length === 1 && value[0] === claim.value, actual };
  return { holds: value === claim.value || (typeof value === 'number' && String(value) === claim.value), actual };
}

/** Reads are the operations whose rows know whether they were stale or whose value came back rather than being sent. */
function isRead(row: Row): boolean {
  return row.kind === 'read' || row.kind === 'get' || row.stale !== undefined;
}

function judgeLeader(stage: Stage, claim: Extract<Claim, { readonly kind: 'leader' | 'no leader' }>): Finding | Problem {
  const { live } = stage;
  if (!live.system.hasLeader)
    return new Problem(`${live.system.title} has no leader`, 'every replica is equal there', stage.statement.place);
  const leading = live.nodes.flatMap((name, proc) => {
    const leads = live.world.nodes[proc]?.up === true ? inspect(live, proc).leads : undefined;
    return leads === undefined ? [] : [{ name, term: leads }];
  });
  if (claim.kind === 'no leader')
    return {
      holds: leading.length === 0,
      actual: leading.length === 0 ? 'no node leads' : `${leading.map((l) => l.name).join(' and ')} leads`,
    };
  for (const word of claim.among) {
    const found = stage.node(word);
    if (isProblem(found)) return found;
  }
  const highest = Math.max(...leading.map((l) => l.term));
  const leader = leading.find((l) => l.term === highest);
  return {
    holds: leader !== undefined && claim.among.some((word) => word.text === leader.name),
    actual: leader === undefined ? 'no node leads' : `${leader.name} leads in term ${leader.term}`,
  };
}

/** All running nodes hold the same live keys and values, wherever they hold a key at all; a system with partial replication compares the copies there are. */
function judgeConverged(stage: Stage): Finding {
  const { live } = stage;
  const holders = live.nodes
    .map((name, proc) => ({ name, up: live.world.nodes[proc]?.up === true, state: inspect(live, proc) }))
    .filter((node) => node.up);
  const keys = [...new Set(holders.flatMap((node) => node.state.holds.map((held) => held.key)))].sort(byCode);
  for (const key of keys) {
    const owners = holders.filter(
      (node) =>
        live.system.owners === undefined ||
        live.system.owners(key, live.world.config as object, live.nodes.length).includes(live.server(node.name)),
    );
    const copies = owners.map((node) => ({
      name: node.name,
      held: node.state.holds.find((held) => held.key === key && held.hidden !== true),
    }));
    const odd = copies.find((copy) => !same(copy.held?.value ?? null, copies[0]?.held?.value ?? null));
    if (odd !== undefined)
      return {
        holds: false,
        actual: `${copies[0]?.name} holds ${key}=${say(copies[0]?.held?.value ?? null)} and ${odd.name} ${key}=${say(odd.held?.value ?? null)}`,
      };
  }
  return { holds: true, actual: 'all running nodes hold the same' };
}

function heldBy(stage: Stage, proc: number, key: string): Value {
  return inspect(stage.live, proc).holds.find((held) => held.key === key && held.hidden !== true)?.value ?? null;
}

function compare(a: number, operator: Comparison['operator'], b: number): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    default:
      return unreachable(operator);
  }
}

function say(value: Value): string {
  if (value === null) return 'no value';
  return typeof value === 'string' ? clip(value) : Array.isArray(value) ? `[${value.map((v) => clip(v)).join(', ')}]` : String(value);
}

function ending(row: Row): string {
  return `it ended ${row.outcome}${row.error === undefined ? '' : `: ${row.error}`}`;
}
