import { isProblem, Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { checkName } from '../lang/names.ts';
import type { Statement, Word } from '../lang/statement.ts';
import { placeOf, Reader } from '../lang/words.ts';
import { type Command, immediate } from '../session/command.ts';
import { configOf } from '../session/live.ts';
import { optionsOf, readOptions } from '../session/options.ts';
import type { Stage } from '../session/stage.ts';
import { setConfig } from '../sim/faults.ts';
import type { Options } from '../systems/index.ts';
import { text } from '../view/block.ts';

interface Who {
  readonly name: Word;
  readonly home: Word | undefined;
}

function readWho(statement: Statement): Who | Problem {
  const reader = new Reader(statement, 'as alice@b');
  const name = reader.word('the name of a client');
  if (isProblem(name)) return name;
  return checkName(name, 'client') ?? reader.end() ?? reader.noOptions() ?? reader.foreground() ?? { name, home: statement.at };
}

export const as: Command<Who> = {
  verb: 'as',
  usage: ['as alice', 'as alice@b', 'alice: read x'],
  help: 'switch to another client, connected to that node; `alice: read x` acts once as her',
  example: 'as alice@b',
  group: 'session',
  changes: 'world',
  read: readWho,
  act: immediate((stage: Stage, who) => {
    const client = stage.clientNamed(who.name, who.home);
    if (isProblem(client)) return client;
    stage.live.current = client.name;
    return { blocks: [text([`${client.name} at ${stage.live.name(client.home)}`])] };
  }),
};

export const config: Command<Options> = {
  verb: 'config',
  usage: ['config', 'config name=value'],
  help: 'change an option while the cluster runs, where the real system can',
  example: 'config',
  group: 'session',
  changes: 'world',
  read: (statement, scope) => {
    const reader = new Reader(statement, 'config name=value');
    const rest = reader.end() ?? reader.noNode() ?? reader.foreground();
    if (rest !== undefined) return rest;
    const options = readOptions(scope.system, 'config', statement.options);
    if (!isProblem(options)) return options;
    const first = statement.options[0]?.name;
    const known = scope.system.options.find((spec) => spec.name.toLowerCase() === first?.text);
    if (first === undefined || known === undefined || known.on.includes('config')) return options;
    return new Problem(
      `${scope.system.title} cannot change ${clip(first.text)} while it runs`,
      `start a cluster with it: use ${scope.system.name} ${known.name}=…`,
      placeOf(first),
    );
  },
  act: immediate((stage: Stage, wanted) => {
    const { live } = stage;
    const options = { ...live.options, ...wanted };
    const next = configOf(live.system, options, live.nodes.length);
    if (isProblem(next)) return next;
    if (Object.keys(wanted).length > 0) {
      live.options = options;
      setConfig(live.world, next, stage.n);
    }
    const shown = optionsOf(live.system, 'config').map((spec) => `${spec.name}=${options[spec.name] ?? spec.default ?? ''}`);
    return { blocks: [text([shown.length === 0 ? `${live.system.title} has no option that changes while it runs` : shown.join('  ')])] };
  }),
};
