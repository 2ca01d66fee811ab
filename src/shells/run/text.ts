import type { Look } from '../../view/render.ts';
import { drawn, type Out, type Report } from './report.ts';

/** What people read: the output of each command, as in the plain prompt, without the prompts. */
export function textReport(out: Out, look: Look): Report {
  let scripts = 0;
  return {
    begin(file, named) {
      if (named) out(`${scripts === 0 ? '' : '\n'}==> ${file} <==\n`);
      scripts++;
    },
    refused() {},
    reply(reply) {
      out(drawn(reply.blocks, look));
    },
    end() {},
    finish() {},
  };
}
