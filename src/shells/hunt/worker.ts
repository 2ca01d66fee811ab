import { parentPort, workerData } from 'node:worker_threads';
import { isProblem } from '../../core/problem.ts';
import { tryRun } from '../../hunt/hunting.ts';
import { type Block, type Done, type Packed, pack, type Start } from './messages.ts';
import { understand } from './quest.ts';

/** The work of one thread: blocks of runs, as they are handed out, until nobody hands out more. False: this is no such thread. */
export async function work(): Promise<boolean> {
  const port = parentPort;
  if (port === null) return false;
  const { quest, at, index } = workerData as Start;
  const hunt = understand(quest);
  if (isProblem(hunt)) throw new Error(`the words of a hunt were understood before its workers began: ${hunt}`);
  await new Promise<void>((resolve) => {
    port.on('close', resolve);
    port.on('message', ({ from, to }: Block) => {
      const results: Packed[] = [];
      for (let run = from; run < to; run++) {
        Atomics.store(at, index, run);
        const result = tryRun(hunt, run);
        results.push(pack(result));
        if ('error' in result || result.found !== undefined) break;
      }
      port.postMessage({ from, results } satisfies Done);
    });
    port.postMessage({ from: -1, results: [] } satisfies Done);
  });
  return true;
}
