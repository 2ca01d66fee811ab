import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeOperations } from '../../src/checkers/index.ts';
import { linearizable } from '../../src/checkers/linearizable.ts';
import { anySeed, fresh, play, script } from '../harness/scripts.ts';

// etcd with default reads promises linearizability whatever happens to the cluster (api_guarantees: "strict serializability"). The histories here come through
// the real language and driver, with every fault that it knows.

describe('etcd with default reads', () => {
  it('is linearizable under random faults', () => {
    let operations = 0;
    fc.assert(
      fc.property(anySeed, script, (seed, lines) => {
        const session = fresh('etcd', seed);
        for (const line of lines) play(session, line);
        play(session, 'heal');
        for (const name of ['a', 'b', 'c'])
          if (session.overview().nodes.find((node) => node.name === name)?.condition !== 'up') play(session, 'restart; resume');
        play(session, 'wait 5s; read x@a; read x@b; read y@c');
        const history = session.operations();
        operations += history.length;
        expect(judgeOperations(linearizable, history, { steps: 5_000_000 })).toMatchObject({ valid: true });
      }),
      { numRuns: 250 },
    );
    // A law over empty histories would prove nothing.
    expect(operations).toBeGreaterThan(1000);
  });

  it('acknowledges nothing that is lost when every node loses power', () => {
    fc.assert(
      fc.property(anySeed, script, (seed, lines) => {
        const session = fresh('etcd', seed);
        for (const line of lines) play(session, line);
        play(session, 'powerloss a; powerloss b; powerloss c; heal; restart; wait 10s; read x; read y@b');
        expect(judgeOperations(linearizable, session.operations(), { steps: 5_000_000 })).toMatchObject({ valid: true });
      }),
      { numRuns: 100 },
    );
  });
});
