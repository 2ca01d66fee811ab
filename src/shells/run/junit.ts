import { printable, US_PER_S } from '../../core/units.ts';
import { type Case, casesOf, type Out, type Report, refusalCase, type Summary } from './report.ts';

/**
 * JUnit XML as Jenkins, GitLab and GitHub's reporters read it: a suite for each script, a case for each `expect` (a failure if it does not hold) and for each
 * refused command (an error). Times are virtual seconds; there is no date in it, so the same script gives the same bytes. Written at the end, since a suite begins with its sums.
 */
export function junitReport(out: Out): Report {
  const suites: { file: string; cases: Case[]; summary: Summary | undefined }[] = [];
  const add = (one: Case): void => {
    suites.at(-1)?.cases.push(one);
  };
  return {
    begin(file) {
      suites.push({ file, cases: [], summary: undefined });
    },
    refused(problem, origin) {
      add(refusalCase(problem, origin, origin.source.trim(), 0));
    },
    reply(reply, origin) {
      for (const one of casesOf(reply, origin)) add(one);
    },
    end(summary) {
      const suite = suites.at(-1);
      if (suite !== undefined) suite.summary = summary;
    },
    finish() {
      const all = suites.flatMap(({ cases }) => cases);
      const parts = suites.map(({ file, cases, summary }) => {
        const attributes = `name="${xml(file)}" ${sums(cases)} skipped="0" time="${seconds(summary?.nowUs ?? 0)}"`;
        return `  <testsuite ${attributes}>\n${cases.map(caseXml).join('')}  </testsuite>\n`;
      });
      out(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cap-tutor" ${sums(all)}>\n${parts.join('')}</testsuites>\n`);
    },
  };
}

function sums(cases: readonly Case[]): string {
  const failures = cases.filter(({ kind, held }) => kind === 'expectation' && !held).length;
  const errors = cases.filter(({ kind }) => kind === 'refusal').length;
  return `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
}

function caseXml(one: Case): string {
  const { file, line } = one.origin;
  const open = `    <testcase classname="${xml(file)}" name="${xml(`line ${line}: ${one.command}`)}" file="${xml(file)}" line="${line}" time="${seconds(one.nowUs)}"`;
  if (one.held) return `${open}/>\n`;
  const tag = one.kind === 'expectation' ? 'failure' : 'error';
  const says = one.says ?? `expected ${one.expected ?? ''}, actual ${one.actual ?? ''}`;
  return `${open}>\n      <${tag} type="${one.kind}" message="${xml(says)}">${xml(one.text, '\n')}</${tag}>\n    </testcase>\n`;
}

function seconds(us: number): string {
  return (us / US_PER_S).toFixed(6);
}

/**
 * Text in XML 1.0, safe in content and in attributes. Control characters have no place in XML 1.0, not even escaped: they are removed, with all else that
 * cannot be printed. `keep` names the ones that may stay.
 */
export function xml(text: string, keep = ''): string {
  const safe = keep === '\n' ? text.split('\n').map(printable).join('\n') : printable(text);
  return safe
    .replace(/[\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
