import type { Look } from '../../view/render.ts';
import { drawn, type Out, type Report } from './report.ts';

/** What people read: the output of each command, as in the plain prompt, without the prompts. With several scripts each has a heading, as `head` writes it. */
export function textReport(out: Out, look: Look): Report {
  let heading = '';
  let printed = false;
  const head = (): void => {
    if (heading === '') return;
    out(`${printed ? '\n' : ''}${heading}`);
    heading = '';
    printed = true;
  };
  return {
    begin(file, named) {
      heading = named ? `==> ${file} <==\n` : '';
    },
    refused() {},
    reply(reply) {
      head();
      out(drawn(reply.blocks, look));
    },
    end(summary) {
      if (summary !== undefined) head();
    },
    finish() {},
  };
}
