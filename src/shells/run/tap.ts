import { printable } from '../../core/units.ts';
import { type Case, casesOf, type Out, type Report, refusalCase } from './report.ts';

/** TAP 14 (testanything.org): a test point for each `expect` and each refused command, what failed as a YAML diagnostic below it, the plan at the end. */
export function tapReport(out: Out): Report {
  let points = 0;
  const point = (one: Case): void => {
    points++;
    out(`${one.held ? 'ok' : 'not ok'} ${points} - ${title(one)}\n`);
    if (!one.held) out(diagnostic(one));
  };
  out('TAP version 14\n');
  return {
    begin() {},
    refused(problem, origin) {
      point(refusalCase(problem, origin, origin.source.trim(), 0));
    },
    reply(reply, origin) {
      for (const one of casesOf(reply, origin)) point(one);
    },
    end() {},
    finish(interrupted) {
      out(interrupted ? 'Bail out! interrupted\n' : `1..${points}\n`);
    },
  };
}

/** In a description `#` begins a directive and `\` escapes. */
function title(one: Case): string {
  const text = printable(`${one.origin.file}:${one.origin.line} ${one.command}`);
  return text.replace(/[\\#]/g, '\\$&');
}

function diagnostic(one: Case): string {
  const fields: string[] = [`file: ${yaml(one.origin.file)}`, `line: ${one.origin.line}`, `command: ${yaml(one.command)}`];
  if (one.says !== undefined) fields.push(`message: ${yaml(one.says)}`);
  if (one.expected !== undefined) fields.push(`expected: ${yaml(one.expected)}`);
  if (one.actual !== undefined) fields.push(`actual: ${yaml(one.actual)}`);
  if (one.kind === 'expectation' && one.text !== '')
    fields.push(
      'text: |2-',
      ...one.text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${printable(line)}`.trimEnd()),
    );
  return ['---', ...fields, '...']
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}

/** A YAML double-quoted scalar: JSON's strings are that, once nothing unprintable is in them. */
function yaml(text: string): string {
  return JSON.stringify(printable(text));
}
