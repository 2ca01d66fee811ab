import { type Replay, replay } from '../../book/replay.ts';
import { openSession } from '../../commands/index.ts';
import { isProblem, Problem } from '../../core/problem.ts';
import { printable } from '../../core/units.ts';
import { styled, text as textBlock } from '../../view/block.ts';
import { render } from '../../view/render.ts';
import { chapterFile } from '../book-folder.ts';
import { complaint, diagnosis } from '../diagnose.ts';
import { drive, ProgressLine } from '../drive.ts';
import { EXIT, worst } from '../exit.ts';
import { lookOf, reasonOf } from '../output.ts';
import { Signals } from '../signals.ts';
import { readText } from '../text-file.ts';
import { writeWhole } from '../write-file.ts';
import { unifiedDiff } from './diff.ts';

export interface VerifyOptions {
  readonly files: readonly string[];
  readonly update: boolean;
  readonly ascii: boolean;
}

/** `cap-tutor verify`: re-runs each file, shows where it differs or records it anew; returns the exit code. */
export async function verify(options: VerifyOptions): Promise<number> {
  const signals = new Signals((code) => process.exit(code));
  const progress = new ProgressLine(process.stderr);
  const watch = {
    stop: () => signals.code !== undefined,
    progress: (now: Parameters<ProgressLine['show']>[0]) => progress.show(now, 'Ctrl-C stops'),
    settled: () => progress.wipe(),
  };
  const codes: number[] = [];
  for (const word of options.files) {
    const file = chapterFile(word);
    const text = readText(file);
    if (isProblem(text)) {
      codes.push(refuse(text));
      continue;
    }
    signals.busy = true;
    // No files for `save` and `load`: what a transcript says must not depend on what lies about.
    const result = await replay(text, file, { open: () => openSession({}), run: (job) => drive(job, watch) });
    signals.busy = false;
    if (result === undefined) return signals.code ?? EXIT.ok;
    codes.push(...judge(file, text, result, options));
    process.exitCode = worst(codes);
  }
  signals.release();
  return worst(codes);
}

function judge(file: string, before: string, result: Replay, { update, ascii }: VerifyOptions): number[] {
  const codes: number[] = [];
  for (const { step, problem } of result.refused) {
    process.stderr.write(diagnosis(problem, { file, line: step.line, source: step.source }));
    codes.push(EXIT.usage);
  }
  for (const { step, text } of result.failed) {
    process.stdout.write(`${printable(file)}:${step.line}: an expectation failed: ${printable(step.source.trim())}\n${text}`);
    codes.push(EXIT.differs);
  }
  if (result.commands === 0)
    return [
      ...codes,
      refuse(
        new Problem(
          `${file}: there is nothing to run in it`,
          'commands stand behind `> `, or in Markdown in fences `cap` and `cap transcript`',
        ),
      ),
    ];
  if (result.text === before) return codes;
  if (!update) {
    process.stdout.write(coloured(unifiedDiff(before.split('\n'), result.text.split('\n'), file), ascii));
    return [...codes, EXIT.differs];
  }
  if (result.failed.length > 0) {
    process.stderr.write(
      complaint(new Problem(`${file}: not recorded, since an expectation failed`, 'make it hold, or change what is expected')),
    );
    return codes;
  }
  return [...codes, ...record(file, result.text)];
}

function record(file: string, text: string): number[] {
  try {
    writeWhole(file, text);
    process.stdout.write(`${printable(file)}: recorded\n`);
    return [];
  } catch (error) {
    return [refuse(new Problem(`${file}: cannot be written: ${reasonOf(error)}`))];
  }
}

function refuse(problem: Problem): number {
  process.stderr.write(complaint(problem));
  return EXIT.usage;
}

function coloured(lines: readonly string[], ascii: boolean): string {
  const { colour } = lookOf(process.stdout, ascii);
  // A diff is never wrapped or clipped: people feed it to other programs.
  const look = { width: Math.max(80, ...lines.map((line) => 2 * line.length)), colour, ascii };
  const as = { '+': 'added', '-': 'removed', '@': 'dim' } as const;
  return lines
    .map((line) => {
      const meaning = as[line[0] as keyof typeof as];
      const drawn = colour && meaning !== undefined ? render([textBlock([styled(line, meaning)])], look).join('') : printable(line);
      return `${drawn}\n`;
    })
    .join('');
}
