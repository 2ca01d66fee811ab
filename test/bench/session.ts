import { openSession } from '../../src/commands/index.ts';
import { isProblem } from '../../src/core/problem.ts';
import { Checkpoints } from '../../src/session/checkpoints.ts';
import type { Session } from '../../src/session/session.ts';
import { systems } from '../../src/systems/index.ts';
import { type Bench, type Figure, number, tidy, wallNs } from './measure.ts';

const COMMANDS = 500;
const ROUNDS = 5;

/** What a reader types who tries things out: writes and reads, a cut now and then, a crash, some waiting. All of them change the world. */
export function lines(): readonly string[] {
  const out: string[] = [];
  const nodes = ['a', 'b', 'c'];
  for (let i = 0; out.length < COMMANDS; i++) {
    const node = nodes[i % 3] ?? 'a';
    out.push(`set x${i % 10}@a v${i}`, `read x${i % 10}@${node === 'c' ? 'b' : node}`);
    switch (i % 10) {
      case 2:
        out.push('partition c');
        break;
      case 5:
        out.push('heal', 'wait 3s');
        break;
      case 7:
        out.push('crash c');
        break;
      case 9:
        out.push('restart c', 'wait 500ms');
        break;
    }
  }
  return out.slice(0, COMMANDS);
}

export function play(session: Session, line: string): void {
  const statements = session.read(line);
  if (isProblem(statements)) throw new Error(`${line}: ${statements.toString()}`);
  for (const statement of statements) {
    const job = session.execute(statement);
    for (;;) {
      const step = job.step(100_000);
      if (!step.done) continue;
      if (step.reply.problem !== undefined) throw new Error(`${line}: ${step.reply.problem.toString()}`);
      break;
    }
  }
}

/** Nanoseconds of all commands, of all undos from the last to the first, and of what checkpoints cost within the commands. */
function measure(system: string): { readonly commands: number; readonly undos: number; readonly checkpoints: number } {
  const session = openSession({ system });
  let checkpoints = 0;
  const { consider } = Checkpoints.prototype;
  Checkpoints.prototype.consider = function timed(...words: Parameters<typeof consider>): void {
    checkpoints += wallNs(() => consider.apply(this, words));
  };
  try {
    const commands = wallNs(() => {
      for (const line of lines()) play(session, line);
    });
    const within = checkpoints;
    tidy();
    const undos = wallNs(() => {
      for (let i = 0; i < COMMANDS; i++) play(session, 'undo');
    });
    return { commands, undos, checkpoints: within };
  } finally {
    Checkpoints.prototype.consider = consider;
  }
}

function figuresOf(system: string): readonly Figure[] {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    tidy();
    const figures = measure(system);
    if (round > 0) rounds.push(figures);
  }
  const per = rounds[0] === undefined ? 0 : rounds[0].commands / COMMANDS / 1e3;
  return [
    {
      what: `${system}: undo / command, means`,
      rounds: rounds.map((r) => r.undos / r.commands),
      unit: 'x',
      aim: { atMost: 2 },
      note: `${number(per)} µs a command`,
    },
    {
      what: `${system}: checkpoints, share added`,
      rounds: rounds.map((r) => (100 * r.checkpoints) / (r.commands - r.checkpoints)),
      unit: ' %',
      aim: { atMost: 20 },
    },
  ];
}

export const session: Bench = {
  name: 'session',
  title: `A session of ${COMMANDS} world-changing commands, then undo all the way back`,
  run: () => systems.flatMap(({ name }) => figuresOf(name)),
};
