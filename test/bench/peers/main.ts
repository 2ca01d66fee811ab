import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Figure, table } from '../measure.ts';
import { awdit } from './awdit.ts';
import { porcupine } from './porcupine.ts';

/**
 * `npm run bench:peers -- --peer BIN --data DIR --awdit BIN`: other checkers and ourselves, on the same files in one run, as ratios. What is not there is skipped with a word.
 *
 * A peer is a program that is started as `BIN RUNS FILE...`. It reads each file, judges it RUNS times and prints one line of JSON a file:
 *
 *     {"file":"c50-ok.txt","operations":1712,"verdict":"valid","parseMs":8.1,"ms":[151.2,149.8],"rssKb":83028}
 *
 * `verdict` is `valid`, `invalid` or `undecided`; `ms` has what each check took after parsing, `rssKb` the most memory that the process had. What a peer says on standard error is shown.
 * The driver of Porcupine in test/bench/peers/porcupine speaks so; it reads Jepsen's etcd logs, Porcupine's key-value files and the generated histories (`generate.ts`).
 */
interface Peer {
  /** The option that names its binary. */
  readonly option: string;
  readonly title: string;
  /** How to get one. */
  readonly get: string;
  measure(binary: string, data: string | undefined, folder: string): readonly Figure[];
}

const peers: readonly Peer[] = [
  {
    option: '--peer',
    title: 'Porcupine: its time divided by ours, the best of eight runs each',
    get: 'in test/bench/peers/porcupine run `go get github.com/anishathalye/porcupine@latest && go build -o peer .`, and give --peer PATH [--data PORCUPINE/test_data]',
    measure: porcupine,
  },
  {
    option: '--awdit',
    title: 'AWDIT: its time for causal consistency divided by ours, the best of the runs each',
    get: 'in test/bench/peers/awdit run `cargo build --release`, and give --awdit target/release/peer',
    measure: (binary, _, folder) => awdit(binary, folder),
  },
];

const args = process.argv.slice(2);
const optionOf = (name: string): string | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
};
/** Generated histories stay there for the next run. */
const made = fileURLToPath(new URL('./made/', import.meta.url));
const given = optionOf('--data');
const data = given !== undefined && existsSync(given) ? given : undefined;
if (given !== undefined && data === undefined) console.log(`there is no ${given}: recorded histories are skipped`);
for (const { option, title, get, measure } of peers) {
  const binary = optionOf(option);
  if (binary === undefined) console.log(`${option} was not given, so this is skipped: ${get}`);
  else if (!existsSync(binary)) console.log(`there is no ${binary}, so this is skipped: ${get}`);
  else {
    console.log(`\n${title}`);
    console.log(table(measure(binary, data, made)).text);
  }
}
