import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../src/sim/process.ts';
import { ANSWER, FAULT, LOST, MESSAGE, REQUEST, type Trace } from '../../src/sim/trace.ts';
import { plain, type Tree } from '../../src/view/block.ts';
import { explainCommand } from '../../src/why/command.ts';
import { diagramOf } from '../../src/why/diagram.ts';
import { explain } from '../../src/why/explain.ts';
import { stepLine } from '../../src/why/steps.ts';
import { MAX_DEPTH, MAX_LINES, trimmed } from '../../src/why/trim.ts';
import { printed, Stage } from './scene.ts';
import { leadership } from './toy-leader.ts';
import { register } from './toy-register.ts';

/** Whatever happens to a cluster, every operation and every command can be explained, and blame falls on commands that were given. */
const node = fc.constantFrom('a', 'b', 'c');
const fault = fc.oneof(
  fc
    .tuple(fc.constantFrom('partition', 'crash', 'powerloss', 'restart', 'pause', 'resume', 'skew', 'drift'), node)
    .map((words) => words.join(' ')),
  fc
    .tuple(node, node)
    .filter(([x, y]) => x !== y)
    .map(([x, y]) => `cut ${x} ${y}`),
  fc.tuple(node, fc.constantFrom(0, 3, 700)).map(([at, ms]) => `slow ${at} ${ms}ms`),
  fc.constant('heal'),
);
const action = fc.oneof(
  fc.record({ kind: fc.constant('fault' as const), text: fault }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 20, 900) }),
  fc.record({
    kind: fc.constant('operation' as const),
    at: fc.nat(2),
    write: fc.boolean(),
    need: fc.integer({ min: 1, max: 4 }),
    open: fc.boolean(),
  }),
);
const programs: Readonly<Record<'register' | 'leadership', Program>> = { register, leadership };
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function applies(stage: Stage, text: string): boolean {
  const [verb = '', name = ''] = text.split(' ');
  const target = stage.world.nodes[stage.proc(name)];
  switch (verb) {
    case 'crash':
    case 'pause':
      return target?.up === true && !target.paused;
    case 'restart':
      return target?.up === false;
    case 'resume':
      return target?.paused === true;
    default:
      return true;
  }
}

function play(name: 'register' | 'leadership', seed: number, actions: readonly Action[]): { stage: Stage; operations: number[] } {
  const stage = new Stage(programs[name], 3, seed);
  const operations: number[] = [];
  for (const one of actions) {
    if (one.kind === 'wait') stage.do(`wait ${one.ms}ms`);
    else if (one.kind === 'fault') {
      if (applies(stage, one.text)) stage.do(one.text);
    } else {
      const { at, need, open } = one;
      const text = `${one.write ? 'set x v' : 'read x'}@${stage.name(at)}`;
      const request = one.write ? { write: `v${stage.commands.length}`, need } : { need };
      operations.push(open ? stage.begin(text, request, at) : stage.call(text, request, at));
    }
  }
  return { stage, operations };
}

function size(trees: readonly Tree[]): number {
  return trees.reduce((sum, { children }) => sum + 1 + size(children), 0);
}

function depth(trees: readonly Tree[]): number {
  return trees.reduce((most, { children }) => Math.max(most, 1 + depth(children)), 0);
}

function explanations(stage: Stage, operations: readonly number[]): ReturnType<typeof explain>[] {
  const scene = stage.scene();
  const toUs = stage.world.nowUs;
  const commands = stage.commands.flatMap((text, n) =>
    n === 0 || operations.includes(n) ? [] : [explainCommand({ ...scene, n, text, fromUs: toUs / 2, toUs })],
  );
  const newest = { op: operations[0] ?? 1, value: 'nobody wrote this', returnUs: 0 };
  return [
    ...commands,
    ...operations.flatMap((op) => [
      explain(stage.input(op)),
      explain(stage.input(op, { newest })),
      explain(stage.input(op, { gone: true })),
    ]),
  ];
}

const worlds = fc.tuple(
  fc.constantFrom<'register' | 'leadership'>('register', 'leadership'),
  fc.integer({ min: 1, max: 1000 }),
  fc.array(action, { minLength: 1, maxLength: 14 }),
);

function earlier(trace: Trace): boolean {
  return trace.cause.every((cause, row) => (row === 0 ? cause === 0 : cause >= 0 && cause < row));
}

/** Messages between two processes that were handled from a time on. */
function arrivals(trace: Trace, fromUs: number): number {
  const isArrival = (kind: number, row: number): boolean =>
    [REQUEST, MESSAGE, ANSWER].includes(kind) && trace.proc[row] !== trace.peer[row];
  return trace.kind.filter(
    (kind, row) => row > 0 && isArrival(kind, row) && (trace.atUs[row] ?? 0) >= fromUs && (trace.cause[row] ?? 0) > 0,
  ).length;
}

const anyLine = fc.tuple(fc.string({ maxLength: 3 }));
const leaves = fc.array(
  anyLine.map((line): Tree => ({ line, children: [] })),
  { maxLength: 9 },
);
const level = (below: fc.Arbitrary<Tree[]>): fc.Arbitrary<Tree[]> =>
  fc.array(fc.record({ line: anyLine, children: below }), { maxLength: 6 });
const anyTree: fc.Arbitrary<Tree> = fc.record({ line: anyLine, children: level(level(leaves)) });

describe('a tree that is too large', () => {
  it('is cut to a few lines in three levels, and keeps its first root', () => {
    fc.assert(
      fc.property(fc.array(anyTree, { minLength: 1, maxLength: 20 }), (roots) => {
        const cut = trimmed(roots);
        expect(size(cut)).toBeLessThanOrEqual(MAX_LINES);
        expect(depth(cut)).toBeLessThanOrEqual(MAX_DEPTH);
        const first = roots.find(({ line }) => plain(line) !== '');
        if (first !== undefined) expect(plain(cut[0]?.line ?? [])).toBe(plain(first.line));
      }),
    );
  });
});

describe('under random faults', () => {
  it('every cause is an earlier row', () => {
    fc.assert(fc.property(worlds, ([program, seed, actions]) => earlier(play(program, seed, actions).stage.trace)));
  });

  it('every lost message and every fault names a command that was given', () => {
    fc.assert(
      fc.property(worlds, ([program, seed, actions]) => {
        const { stage } = play(program, seed, actions);
        const { trace, commands } = stage;
        for (let row = 1; row <= trace.length; row++) {
          const kind = trace.kind[row];
          if (kind !== LOST && kind !== FAULT) continue;
          const { command } = kind === LOST ? trace.loss(row) : trace.fault(row);
          expect(command).toBeGreaterThan(0);
          expect(command).toBeLessThan(commands.length);
        }
      }),
    );
  });

  it('every operation and command is explained in a small tree that blames commands as they were typed', () => {
    fc.assert(
      fc.property(worlds, ([program, seed, actions]) => {
        const { stage, operations } = play(program, seed, actions);
        for (const explanation of explanations(stage, operations)) {
          expect(size(explanation.roots)).toBeLessThanOrEqual(MAX_LINES);
          expect(depth(explanation.roots)).toBeLessThanOrEqual(MAX_DEPTH);
          const text = printed(explanation).join('\n');
          for (const [, n, typed] of text.matchAll(/command (\d+), ([a-z]+ ?[a-z]?)/g))
            expect(stage.commands[Number(n)]).toMatch(new RegExp(`^${typed}`));
          expect(text).not.toContain('no command');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('an operation that ended badly under a fault is never left without a reason', () => {
    fc.assert(
      fc.property(worlds, ([program, seed, actions]) => {
        const { stage, operations } = play(program, seed, actions);
        const bad = operations.filter((op) => stage.finished(op)?.outcome.status === 'unknown');
        for (const op of bad) expect(stage.why(op)[1]).not.toContain('nothing has come of it');
      }),
    );
  });

  it('a diagram pairs every end with a message that began before it, and every span of events has its line', () => {
    fc.assert(
      fc.property(worlds, fc.nat(100), ([program, seed, actions], share) => {
        const { stage } = play(program, seed, actions);
        const scene = stage.scene();
        const fromUs = Math.floor((stage.world.nowUs * share) / 100);
        const { rows, lanes } = diagramOf(scene, { fromUs, toUs: stage.world.nowUs });
        const begun = new Set<number>();
        let lastUs = fromUs;
        for (const row of rows) {
          expect(row.atUs).toBeGreaterThanOrEqual(lastUs);
          lastUs = row.atUs;
          if (row.kind === 'send') begun.add(row.id);
          if (row.kind === 'deliver' || row.kind === 'lost') expect(begun.has(row.id)).toBe(true);
          if (row.kind === 'send') expect(Math.max(row.from, row.to)).toBeLessThan(lanes.length);
        }
        expect(rows.filter(({ kind }) => kind === 'deliver').length).toBe(arrivals(scene.trace, fromUs));
        for (let row = 1; row < scene.trace.length; row += 7)
          expect(stepLine(scene, row, Math.min(row + 5, scene.trace.length)).length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
