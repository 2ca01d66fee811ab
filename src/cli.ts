import { Command, CommanderError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { isProblem } from './core/problem.ts';
import { didYouMean } from './core/suggest.ts';
import type { SessionOptions } from './session/types.ts';
import { complaint } from './shells/diagnose.ts';
import { EXIT } from './shells/exit.ts';
import { sessionOptions, type Typed } from './shells/options.ts';
import { guardOutputs } from './shells/output.ts';
import { FORMATS, run } from './shells/run/run.ts';

/**
 * Words of the command line to one shell. What runs scripts is here from the start, since every other shell needs most of it too; the rest is loaded when it is
 * wanted, and the screen's libraries by the textbook alone.
 */

interface Everywhere {
  readonly ascii?: boolean;
  readonly book?: string;
}

/** Names that later versions will fill (LANGUAGE section 3), each with what it will do. */
const NOT_YET: Readonly<Record<string, string>> = {
  compare: 'running the same commands on several systems',
  pacelc: 'the measured PACELC table',
  reproduce: 'published numbers beside ours',
  export: 'a session as something to hand out',
  present: 'presenting a script',
  roster: 'progress of a class',
  author: 'tools for authors',
  doctor: 'examining the installation',
};

let exitCode: number = EXIT.ok;

/** Refuses the command line: one sentence, and exit code 2. */
function refuse(sentence: string): void {
  process.stderr.write(`cap-tutor: ${sentence}\n`);
  exitCode = EXIT.usage;
}

async function learn(chapter: string | undefined, options: Everywhere): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env['TERM'] === 'dumb') {
    refuse('the textbook fills a terminal, and this is none; `cap-tutor repl` and `cap-tutor run` work everywhere');
    return;
  }
  const { openBook } = await import('./shells/tui/index.ts');
  exitCode = await openBook({
    ...(chapter === undefined ? {} : { chapter }),
    ...(options.book === undefined ? {} : { book: options.book }),
    ascii: options.ascii === true,
  });
}

function clusterOptions(command: Command): Command {
  return command
    .option('--system <name>', 'the system that the session starts with (default: etcd)')
    .option('--nodes <names>', 'its nodes, with commas between (default: a,b,c)')
    .option('--seed <number>', 'the seed that chance is drawn from (default: 1)');
}

function startSession(typed: Typed): SessionOptions | undefined {
  const options = sessionOptions(typed);
  if (!isProblem(options)) return options;
  process.stderr.write(complaint(options));
  exitCode = EXIT.usage;
  return undefined;
}

type RunWords = Typed & Everywhere & { readonly format?: (typeof FORMATS)[number]; readonly json?: boolean };

async function runScripts(scripts: readonly string[], options: RunWords): Promise<void> {
  if (options.json === true && options.format !== undefined && options.format !== 'jsonl') {
    refuse(`--json and --format ${options.format} contradict each other`);
    return;
  }
  const session = startSession(options);
  if (session === undefined) return;
  const format = options.json === true ? 'jsonl' : (options.format ?? 'text');
  exitCode = await run({ scripts, format, ascii: options.ascii === true, session });
}

async function prompt(options: Typed & Everywhere): Promise<void> {
  if (!process.stdin.isTTY) {
    await runScripts(['-'], options);
    return;
  }
  const session = startSession(options);
  if (session === undefined) return;
  const { repl } = await import('./shells/more.ts');
  exitCode = await repl({ ascii: options.ascii === true, session });
}

function addMain(program: Command): void {
  program
    .command('learn')
    .description('open the textbook, where you left off or at a chapter')
    .argument('[place]', 'a chapter, a section or an exercise: 1, 1.3, cap-theorem/two-sides')
    .addHelpText('after', '\nExamples:\n  cap-tutor learn\n  cap-tutor learn 1\n  cap-tutor learn 1.3\n')
    .action((place: string | undefined, _: object, command: Command) => learn(place, command.optsWithGlobals()));
  clusterOptions(program.command('repl'))
    .description('the plain prompt: type commands, see what happens')
    .addHelpText(
      'after',
      '\nExamples:\n  cap-tutor repl\n  cap-tutor repl --system cassandra --nodes a,b,c,d,e\n  echo "read x" | cap-tutor repl\n',
    )
    .action((_: object, command: Command) => prompt(command.optsWithGlobals()));
  clusterOptions(program.command('run'))
    .description('run scripts; - is standard input')
    .argument('<script...>', 'files with one command on each line')
    .addOption(new Option('--format <format>', 'how to print results').choices(FORMATS))
    .option('--json', 'short for --format jsonl')
    .addHelpText('after', RUN_HELP)
    .action((scripts: string[], _: object, command: Command) => runScripts(scripts, command.optsWithGlobals()));
}

const RUN_HELP = `
Exit codes: 0 all well, 1 an expectation failed, 2 something was refused or
could not be read.

Examples:
  cap-tutor run split.cap
  cap-tutor run --json --seed 7 split.cap | jq .outcome
  cap-tutor run --format junit tests/*.cap > report.xml
  printf 'set x apple\\nread x\\n' | cap-tutor run -
`;

/** As `history/read.ts` lists them; named here so that the start of other commands does not load it. */
const HISTORY_FORMATS = ['edn', 'jsonl', 'porcupine'] as const;

type CheckWords = Everywhere & {
  readonly model?: string;
  readonly steps?: string;
  readonly format?: (typeof HISTORY_FORMATS)[number];
  readonly json?: boolean;
  readonly order?: boolean;
  readonly models?: boolean;
};

const CHECK_HELP = `
Models: "cap-tutor check --models" lists them with what each means and implies,
and the types of objects. Without --model the strongest that judges the history.
Keys are judged one by one wherever that loses nothing.

Formats: edn, Jepsen's and Knossos's histories; porcupine, the log of a Jepsen
run or maps with a :key; jsonl, one object a line, which is a row of
cap-tutor run --json, an event
  {"process":0,"type":"invoke","f":"write","key":"x","value":1}
or an operation, whose call and return are any numbers that order the events
  {"process":0,"f":"write","key":"x","value":1,"call":3,"return":7}
without a return if nobody knows what came of it.

Exit codes: 0 valid, 1 invalid, 2 unreadable or a model that does not fit,
3 undecided within the budget of steps.

Examples:
  cap-tutor check history.edn
  cap-tutor check --model cas-register jepsen.log
  cap-tutor check --model sequential,causal,k-staleness=2 history.jsonl
  cap-tutor run --json split.cap | cap-tutor check -
`;

function addOthers(program: Command): void {
  program
    .command('verify')
    .description('re-run recorded transcripts and chapters; show where the output differs')
    .argument('<file...>', 'transcripts or chapters; 1 is our own first chapter')
    .option('--update', 'record the outputs anew; refuses where an expectation fails')
    .addHelpText('after', '\nExamples:\n  cap-tutor verify chapters/*.md\n  cap-tutor verify --update notes/split.md\n')
    .action(async (files: string[], options: { readonly update?: boolean }, command: Command) => {
      const { verify } = await import('./shells/more.ts');
      exitCode = await verify({ files, update: options.update === true, ascii: command.optsWithGlobals<Everywhere>().ascii === true });
    });
  program
    .command('check')
    .description('judge a history recorded elsewhere; - is standard input')
    .argument('[history]', 'a file of Jepsen, Porcupine or cap-tutor run --json')
    .option('--model <names>', 'consistency models and a type of object, with commas between')
    .addOption(new Option('--format <format>', 'what the history is (default: its first bytes decide)').choices(HISTORY_FORMATS))
    .option('--json', 'print a JSON object for each key, and one for the whole')
    .option('--order', 'with a valid history, print an order that explains it')
    .option('--models', 'list the models and the types of objects, and judge nothing')
    .option('--steps <number>', 'how far a search may go before it gives up (default: 20000000)')
    .addHelpText('after', CHECK_HELP)
    .action(async (history: string | undefined, _: object, command: Command) => {
      const { ascii, json, order, models, ...said } = command.optsWithGlobals<CheckWords>();
      const { check, listModels } = await import('./shells/more.ts');
      if (models === true) listModels(ascii === true);
      else if (history === undefined) refuse('check: which history? name a file, or - for standard input');
      else exitCode = await check({ ...said, history, json: json === true, order: order === true, ascii: ascii === true });
    });
  program
    .command('systems')
    .description('list the systems that can be run')
    .action(async (_: object, command: Command) => {
      const { listSystems } = await import('./shells/more.ts');
      listSystems(command.optsWithGlobals<Everywhere>().ascii === true);
    });
  program
    .command('chapters')
    .description('list the chapters, with your progress')
    .action(async (_: object, command: Command) => {
      const { ascii, book } = command.optsWithGlobals<Everywhere>();
      const { listChapters } = await import('./shells/more.ts');
      exitCode = listChapters({ ascii: ascii === true, ...(book === undefined ? {} : { book }) });
    });
}

type HuntWords = Everywhere & {
  readonly [name in 'system' | 'nodes' | 'runs' | 'seed' | 'jobs' | 'ops' | 'faults' | 'time' | 'events' | 'output']?: string;
} & { readonly json?: boolean };

const HUNT_HELP = `
Properties: stale read, lost write, two leaders (two nodes that led the same
term), diverged (replicas differ when all is mended and at rest), not <model>
(a model of cap-tutor check: not linearizable), or an expectation, in quotes:
"expect not stale". A hunt looks for a run that breaks a promise: of an
expectation, for one in which it fails; one about a result is judged after every
operation, one about the cluster when all is mended and at rest.

What is printed is a script: cap-tutor run shows again what was found. Run i is
drawn from --seed and i alone, and the answer is the first that has the
property, so it does not depend on --jobs.

Exit codes: 1 found, 0 not found, which is no proof; 2 something was wrong with
the words; 130 stopped.

Examples:
  cap-tutor hunt "stale read" --system "cassandra level=one"
  cap-tutor hunt "not linearizable" --system "etcd read=lease" -o lease.cap
  cap-tutor hunt "expect not stale" --system etcd --faults partition,crash
  cap-tutor hunt "lost write" --nodes 5 --runs 100000 --seed 7
`;

function addHunt(program: Command): void {
  program
    .command('hunt')
    .description('search schedules of operations and faults for a run that breaks a property')
    .argument('<property...>', 'what to look for: "stale read", "not linearizable", "expect …"')
    .option('--system <words>', 'the system, and its options as use takes them (default: etcd)')
    .option('--nodes <nodes>', 'how many, or their names with commas between (default: 3, now and then 5)')
    .option('--runs <number>', 'how many runs to try (default: 10000)')
    .option('--seed <number>', 'the seed that runs are drawn from (default: 1)')
    .option('--jobs <number>', 'how many threads work on it (default: one for each core)')
    .option('--ops <number>', 'the most client operations of a run (default: 20)')
    .option(
      '--faults <names>',
      'partition,cut,delay,loss,crash,powerloss,pause,slow,skew,drift, or network, nodes, clocks, all, none (default: all)',
    )
    .option('--time <duration>', 'the most virtual time before a run is mended (default: 60s)')
    .option('--events <number>', 'the most events of all runs together (default: no bound)')
    .option('-o, --output <file>', 'write the script that is found to a file as well')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HUNT_HELP)
    .action(async (property: string[], _: object, command: Command) => {
      const { json, ...said } = command.optsWithGlobals<HuntWords>();
      const { hunt } = await import('./shells/more.ts');
      exitCode = await hunt({ ...said, property: property.join(' '), json: json === true });
    });
  // Its own threads are started with this word; nobody else gets anywhere with it.
  program.command('hunt-worker', { hidden: true }).action(async () => {
    const { work } = await import('./shells/more.ts');
    if (!(await work())) refuse('hunt-worker is what the threads of a hunt are; the command is hunt');
  });
}

/** Names that are taken but not built: one honest sentence, and exit code 2. */
function addReserved(program: Command): void {
  const reserve = (name: string, sentence: string): void => {
    program
      .command(name, { hidden: true })
      .description(`not yet: ${sentence}`)
      .argument('[word...]')
      .allowUnknownOption()
      .action(() => refuse(`${name}: not yet; this version cannot do that: ${sentence}`));
  };
  for (const [name, sentence] of Object.entries(NOT_YET)) reserve(name, sentence);
}

const HELP = `
Without a command the textbook opens where you left off.
Not yet: ${Object.keys(NOT_YET).slice(0, 5).join(', ')},
${Object.keys(NOT_YET).slice(5).join(', ')}.

Examples:
  cap-tutor                        open the textbook
  cap-tutor repl                   the plain prompt
  cap-tutor run split.cap          run a script
  cap-tutor run --help             more about one command
`;

function build(): Command {
  const program = new Command('cap-tutor')
    .description(
      'A textbook on distributed data that runs in the terminal: every claim is a script, every script runs on a simulated cluster.',
    )
    .version(manifest.version)
    .option('--ascii', 'draw with ASCII only')
    .option('--book <dir>', 'read the chapters of this folder')
    .helpCommand('help [command]', 'help for a command')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'cap-tutor: ')) })
    .addHelpText('after', HELP);
  // Subcommands take over exitOverride and configureOutput when they are made, so this comes last.
  addMain(program);
  addOthers(program);
  addHunt(program);
  addReserved(program);
  // Only here, after the subcommands have taken over their settings: what follows is then no command, and is told so below.
  program.allowExcessArguments().action(async (options: Everywhere) => {
    const [word] = program.args;
    if (word === undefined) return learn(undefined, options);
    const names = program.commands.map((command) => command.name());
    const near = didYouMean(word, names);
    refuse(
      `there is no command "${word.slice(0, 40)}"${near === undefined ? '' : `; did you mean ${near}?`} (\`cap-tutor --help\` lists them)`,
    );
    return undefined;
  });
  return program;
}

async function main(): Promise<void> {
  guardOutputs();
  try {
    await build().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander says 1 where something was wrong with the words; here that is 2.
      exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    } else {
      exitCode = EXIT.fault;
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`cap-tutor: a fault of ours; please report it with the commands that led here\n${what}\n`);
    }
  }
  process.exitCode = exitCode;
  // Standard input may still be open (`tail -f | cap-tutor run -` after `quit`): wait for what was written, then go.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit();
}

await main();
