import { modelNamed, models } from '../checkers/index.ts';
import { Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip } from '../core/units.ts';
import type { Word } from '../lang/statement.ts';
import { placeOf, Reader } from '../lang/words.ts';
import { type Answer, type Command, immediate } from '../session/command.ts';
import { optionsOf } from '../session/options.ts';
import type { Stage } from '../session/stage.ts';
import { type OptionSpec, type Options, type System, systemNamed, systems } from '../systems/index.ts';
import { type Block, type Line, styled, text } from '../view/block.ts';
import { aboutModel } from './model-help.ts';
import { atEnd, bare } from './words.ts';

const GROUPS: readonly (readonly [Command['group'], string])[] = [
  ['data', 'Reading and writing'],
  ['faults', 'Faults'],
  ['time', 'Time'],
  ['look', 'Looking'],
  ['judge', 'Judging'],
  ['session', 'Session'],
];

function overview(stage: Stage): Answer {
  const { system } = stage.live;
  const rows: Line[][] = [];
  const verbs = new Set(system.operations.map((op) => op.verb));
  for (const [group, title] of GROUPS) {
    rows.push([[styled(title, 'heading')], []]);
    for (const command of stage.host.table) {
      if (command.group !== group || (group === 'data' && !verbs.has(command.verb))) continue;
      rows.push([[`  ${command.usage[0] ?? command.verb}`], [command.help]]);
    }
    if (group !== 'data') continue;
    for (const op of system.operations)
      if (!stage.host.table.some((command) => command.verb === op.verb)) rows.push([[`  ${op.example}`], [op.help]]);
  }
  return {
    blocks: [
      {
        kind: 'table',
        columns: [
          { title: '', align: 'left' },
          { title: '', align: 'left' },
        ],
        rows,
      },
      text([
        'help <command>',
        styled(' shows all its forms · ', 'dim'),
        `help ${system.name}`,
        styled(' what the model covers · ', 'dim'),
        'options',
        styled(' its switches', 'dim'),
      ]),
    ],
  };
}

function aboutCommand(stage: Stage, command: Command, verb: string): readonly Block[] {
  const { system } = stage.live;
  const spec = system.operations.find((op) => op.verb === verb);
  const usage = spec !== undefined && command.verb !== verb ? [spec.example] : command.usage;
  const options = optionsOf(system, verb);
  return [
    text(...usage.map((form): Line => ['  ', styled(form, 'command')])),
    text([spec !== undefined ? spec.help : command.help]),
    ...(command.about?.() ?? []),
    ...(options.length === 0 ? [] : [text([styled(`options on ${system.title}`, 'heading')]), ...optionList(options, {})]),
  ];
}

function aboutSystem(system: System): readonly Block[] {
  return [
    text([styled(`${system.title} ${system.version}`, 'heading'), `  ${system.tagline}`]),
    ...system.models.map((paragraph) => text([paragraph])),
    text([styled('operations', 'heading')]),
    {
      kind: 'table',
      columns: [
        { title: '', align: 'left' },
        { title: '', align: 'left' },
      ],
      rows: system.operations.map((op) => [[`  ${op.example}`], [op.help]]),
    },
    text([styled('options', 'heading')]),
    ...optionList(
      system.options.filter((option) => option.hidden !== true),
      {},
    ),
  ];
}

/** Each option with its value, what it may be, and below what it does: option names are too long for columns. */
function optionList(options: readonly OptionSpec[], now: Options): readonly Block[] {
  return options.flatMap((option): Block[] => {
    const value = now[option.name] ?? option.default ?? '';
    const head: Line = ['  ', styled(`${option.name}=${value}`, 'command'), styled(`  ${valuesOf(option)}`, 'dim')];
    return [{ kind: 'text', lines: [head], hang: 6 }, text([`    ${option.help}`])];
  });
}

/** Ranges beyond this say only that a number is whole. */
const TELLING = 1e12;

function valuesOf(option: OptionSpec): string {
  if (typeof option.values !== 'string') return option.values.join(' | ');
  const kind = option.values === 'integer' ? 'whole number' : option.values === 'boolean' ? 'true | false' : option.values;
  return option.range === undefined || option.range[1] > TELLING ? kind : `${option.range[0]} to ${option.range[1]}`;
}

export const help: Command<Word | null> = {
  verb: 'help',
  aliases: ['?'],
  usage: ['help', 'help partition', 'help etcd', 'help causal'],
  help: 'the commands; or one command, system or consistency model in full',
  example: 'help partition',
  group: 'session',
  changes: 'view',
  read: (statement) => {
    const reader = new Reader(statement, 'help partition');
    const word = reader.left > 0 ? (reader.skip() as Word) : null;
    return atEnd(reader) ?? word;
  },
  act: immediate((stage: Stage, word) => {
    if (word === null) return overview(stage);
    const verb = word.text.toLowerCase();
    const system = systemNamed(verb);
    if (system !== undefined) return { blocks: aboutSystem(system) };
    const model = modelNamed(verb);
    if (model !== undefined) return { blocks: aboutModel(model) };
    const own = stage.live.system.operations.some((op) => op.verb === verb);
    const command = stage.host.commandFor(verb) ?? (own ? stage.host.commandFor('set') : undefined);
    if (command !== undefined)
      return { blocks: aboutCommand(stage, command, command.aliases?.includes(verb) === true ? command.verb : verb) };
    const known = [...stage.host.table.map((c) => c.verb), ...systems.map((s) => s.name), ...models.map((m) => m.name)];
    const near = didYouMean(verb, known);
    return new Problem(
      `there is no help about "${clip(word.text)}"`,
      near === undefined ? 'help lists the commands' : `did you mean help ${near}?`,
      placeOf(word),
    );
  }),
};

export const listSystems: Command<null> = {
  verb: 'systems',
  usage: ['systems'],
  help: 'the systems that use knows',
  example: 'systems',
  group: 'session',
  changes: 'view',
  read: bare('systems'),
  act: immediate(() => ({ blocks: [systemTable()] })),
};

export function systemTable(): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'system', align: 'left' },
      { title: 'version', align: 'left' },
      { title: '', align: 'left' },
    ],
    rows: systems.map((system) => [[styled(system.name, 'strong')], [system.version], [system.tagline]]),
  };
}

export const listOptions: Command<null> = {
  verb: 'options',
  usage: ['options'],
  help: 'the switches of the system in use, and what they are set to',
  example: 'options',
  group: 'session',
  changes: 'view',
  read: bare('options'),
  act: immediate((stage: Stage) => {
    const { live } = stage;
    const shown = live.system.options.filter((option) => option.hidden !== true);
    return { blocks: optionList(shown, live.options) };
  }),
};
