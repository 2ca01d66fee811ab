import type { Proc } from '../core/ids.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import type { Statement, Word } from '../lang/statement.ts';
import { Reader } from '../lang/words.ts';
import type { Answer, Command, Scope } from '../session/command.ts';
import { readOptions } from '../session/options.ts';
import { PATIENCE_US, type Stage } from '../session/stage.ts';
import type { Call, OperationSpec, Options, System } from '../systems/index.ts';
import { text } from '../view/block.ts';

/** An operation as its words say it; nodes are still words, because only a running cluster knows its nodes. */
interface Wish {
  readonly spec: OperationSpec;
  readonly words: Readonly<Record<string, string>>;
  readonly nodes: readonly Word[];
  readonly at: Word | undefined;
  readonly options: Options;
}

/**
 * Every client operation and administrator command: `set`, `read`, … and a system's own verbs. What each takes is data of the system in use
 * (OperationSpec), so one file serves them all.
 */
function readOperation(statement: Statement, scope: Scope): Wish | Problem {
  const spec = scope.system.operations.find((op) => op.verb === statement.verb);
  if (spec === undefined) return notHere(statement, scope.system);
  const reader = new Reader(statement, spec.example);
  const words: Record<string, string> = {};
  const nodes: Word[] = [];
  for (const wanted of spec.words) {
    const optional = wanted.endsWith('?');
    const name = wanted.replace(/\?$|\|none$/, '');
    if (name === 'nodes') {
      while (reader.left > 0) {
        const word = reader.word('a node');
        if (isProblem(word)) return word;
        nodes.push(word);
      }
      if (nodes.length === 0 && !optional) return reader.word('a node') as Problem;
      continue;
    }
    if (optional && reader.left === 0) continue;
    const word = name === 'key' ? reader.name('key') : reader.word(called(name, spec.kind));
    if (isProblem(word)) return word;
    if (name === 'node') nodes.push(word);
    else if (!wanted.endsWith('|none') || word.quoted || word.text.toLowerCase() !== 'none') words[name] = word.text;
  }
  const rest = reader.end();
  if (rest !== undefined) return rest;
  const options = readOptions(scope.system, statement.verb, statement.options);
  if (isProblem(options)) return options;
  return { spec, words, nodes, at: statement.at, options };
}

/** What a word is called where it is missing. */
function called(name: string, kind: OperationSpec['kind']): string {
  if (name === 'expected') return 'the old value';
  if (kind === 'cas' && name === 'value') return 'the new value';
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function notHere(statement: Statement, system: System): Problem {
  const has = system.operations.map((op) => op.verb).join(', ');
  return new Problem(`${system.title} has no ${clip(statement.verb)}`, `it has ${has}`, statement.verbAt);
}

/** The options of one operation: what was said, else what `use` said, else the system's defaults. */
function callOptions(stage: Stage, wish: Wish): Options {
  const out: Record<string, string> = {};
  for (const spec of stage.live.system.options) {
    if (!spec.on.includes(wish.spec.verb)) continue;
    const value = wish.options[spec.name] ?? stage.live.options[spec.name] ?? spec.default;
    if (value !== undefined) out[spec.name] = value;
  }
  return out;
}

function* actOperation(stage: Stage, wish: Wish): Generator<void, Answer | Problem> {
  const call = callOf(stage, wish);
  if (isProblem(call)) return call;
  const pinned = wish.at === undefined ? undefined : stage.node(wish.at);
  if (isProblem(pinned)) {
    // `set mail me@home`: an @ is never part of a bare word.
    const glued = stage.statement.words.slice(1).some((word) => word.to + 1 === wish.at?.from);
    if (!glued || pinned.remedy === undefined) return pinned;
    return new Problem(pinned.what, `${pinned.remedy}; a value with @ in it needs quotes`, pinned.at);
  }
  const request = stage.live.system.request(call, stage.live.world.config as object);
  if (isProblem(request)) return request.near(stage.statement.place);
  const client = stage.client();
  if (isProblem(client)) return client;
  stage.begin(call, client, pinned ?? client.home, pinned !== undefined, request);
  if (stage.statement.background) return { blocks: [text([{ text: `[${stage.n}] started`, as: 'dim' }])] };
  yield* stage.run(stage.live.world.nowUs + PATIENCE_US, stage.n);
  const row = stage.live.rows.get(stage.n) ?? stage.leaveOpen(stage.n);
  // Whoever types the next command leaves time for what this one still has on its way: notices of a commit, copies beyond the level.
  yield* stage.land();
  return { blocks: [{ kind: 'outcome', row, late: false }], row };
}

/** The call with its nodes found, or a Problem for one that is not there. */
function callOf(stage: Stage, wish: Wish): Call | Problem {
  const nodes: Proc[] = [];
  for (const word of wish.nodes) {
    const proc = stage.node(word);
    if (isProblem(proc)) return proc;
    nodes.push(proc);
  }
  const { spec, words } = wish;
  return {
    verb: spec.verb,
    kind: spec.kind,
    ...(words['key'] === undefined ? {} : { key: words['key'] }),
    ...(words['value'] === undefined ? {} : { value: words['value'] }),
    ...(words['expected'] === undefined ? {} : { expected: words['expected'] }),
    ...(spec.words.some((word) => word.startsWith('node')) ? { nodes } : {}),
    options: callOptions(stage, wish),
  };
}

/** One verb of the language that systems may have. */
function operation(verb: string, usage: readonly string[], help: string, example: string): Command<Wish> {
  return { verb, usage, help, example, group: 'data', changes: 'world', read: readOperation, act: actOperation };
}

/** `set` stands for a system's own verbs too: the session finds it for any verb that the system in use lists. */
export const operations: readonly Command<Wish>[] = [
  operation(
    'set',
    ['set x apple', 'set x@b apple', 'set x apple @b'],
    'write a value; @b sits the client beside node b for this operation',
    'set x apple',
  ),
  operation('read', ['read x', 'read x@c', 'read x level=…'], 'read a key', 'read x'),
  operation('delete', ['delete x'], 'delete a key', 'delete x'),
  operation('cas', ['cas x old new'], 'compare and set: write new if the value is old', 'cas x apple banana'),
  operation('add', ['add x 3'], 'add to a counter', 'add x 3'),
  operation('append', ['append x v'], 'append to a list, or add to a set', 'append x milk'),
  operation('remove', ['remove x v'], 'remove from a list or set', 'remove x milk'),
];
