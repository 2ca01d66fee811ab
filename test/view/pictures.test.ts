import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeOverview, Overview } from '../../src/session/types.ts';
import type { Line } from '../../src/view/block.ts';
import { clusterBoxes, clusterLine, sidesLine } from '../../src/view/cluster-boxes.ts';
import { clusterMap } from '../../src/view/cluster-map.ts';
import { spaceTime } from '../../src/view/diagram.ts';
import { type DiagramData, type Happening, type Step, stepsOf } from '../../src/view/diagram-steps.ts';
import { lineWidth } from '../../src/view/line.ts';
import { render } from '../../src/view/render.ts';
import { timeline } from '../../src/view/timeline.ts';
import { anyText, anyWidth } from './arbitrary.ts';

const value = fc.oneof(anyText, fc.constantFrom(null, 7, ['apple', 'banana']), fc.constant('apple'));
const node: fc.Arbitrary<Omit<NodeOverview, 'name'>> = fc.record({
  condition: fc.constantFrom('up' as const, 'up' as const, 'crashed' as const, 'powered off' as const, 'paused' as const),
  role: fc.constantFrom('leader', 'follower', 'no leader', 'replica'),
  leads: fc.boolean(),
  figures: fc.array(fc.tuple(fc.constantFrom('term', 'rev'), fc.constantFrom('2', '31')), { maxLength: 3 }),
  holds: fc.array(fc.record({ key: fc.constantFrom('x', 'y', 'a/long.key'), value }), { maxLength: 5 }),
  note: anyText,
});

const cluster: fc.Arbitrary<Overview> = fc
  .record({
    nodes: fc.array(node, { minLength: 1, maxLength: 40 }),
    cut: fc.nat({ max: 40 }),
    clients: fc.nat({ max: 3 }),
    fault: anyText,
    nowUs: fc.nat(),
  })
  .map(({ nodes, cut, clients, fault, nowUs }) => {
    const named = nodes.map((one, i) => ({ ...one, name: `n${i + 1}` }));
    const names = named.map((one) => one.name);
    const sides = [names.slice(0, cut), names.slice(cut)].filter((side) => side.length > 0);
    return {
      system: 'etcd',
      title: 'etcd',
      seed: 1,
      nowUs,
      client: 'you',
      nodes: named,
      clients: Array.from({ length: clients }, (_, i) => ({ name: i === 0 ? 'you' : `alice${i}`, home: 'n1' })),
      sides,
      ...(sides.length > 1 ? { cutBy: { command: 2, text: `partition ${fault}` } } : {}),
      faults: [{ command: 3, text: fault }],
    };
  });

function fits(lines: readonly Line[], width: number): void {
  for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(width);
  for (const line of render([{ kind: 'picture', lines }], { width, colour: false, ascii: true }))
    expect(line).toMatch(/^[\u0020-\u007e]*$/);
}

describe('the cluster', () => {
  it('fits any screen, as rows, as boxes and as a line', () => {
    fc.assert(
      fc.property(cluster, cluster, anyWidth, fc.integer({ min: 1, max: 40 }), (data, before, width, height) => {
        fits(clusterMap(data, width), width);
        const boxes = clusterBoxes(data, width, height, before);
        fits(boxes, width);
        expect(boxes.length).toBeLessThanOrEqual(height);
        fits([clusterLine(data, width)], width);
      }),
      { numRuns: 150 },
    );
  });

  const up = (name: string, role: string, held: string, rest: Partial<NodeOverview> = {}): NodeOverview => ({
    name,
    condition: 'up',
    role,
    leads: role === 'leader',
    figures: [
      ['term', '2'],
      ['rev', '3'],
    ],
    holds: [{ key: 'x', value: held }],
    ...rest,
  });
  const data: Overview = {
    system: 'etcd',
    title: 'etcd',
    seed: 1,
    nowUs: 2_301_000,
    client: 'you',
    nodes: [
      up('a', 'leader', 'apple'),
      up('b', 'follower', 'apple', { condition: 'crashed' }),
      up('c', 'no leader', 'init', { note: 'asks for votes, 1 of 2' }),
    ],
    clients: [
      { name: 'you', home: 'a' },
      { name: 'alice', home: 'c' },
    ],
    sides: [['a', 'b'], ['c']],
    cutBy: { command: 2, text: 'partition a b' },
    faults: [{ command: 4, text: 'slow c 500ms' }],
  };
  const text = (lines: readonly Line[], width: number) =>
    `\n${render([{ kind: 'picture', lines }], { width, colour: false, ascii: false }).join('\n')}\n`;

  it('looks like this', () => {
    expect(text(clusterMap(data, 80), 80)).toMatchInlineSnapshot(`
      "
      etcd · 3 nodes · t 2.301 s · seed 1
        a ★ leader      term 2   rev 3   x=apple
        b ✗ crashed     term 2   rev 3   x=apple
        ╌╌╌ cut by command 2, partition a b ╌╌╌
        c   no leader   term 2   rev 3   x=init    asks for votes, 1 of 2
        slow c 500ms  command 4
        clients: you (now) beside a, alice beside c
      "
    `);
    const before = { ...data, nodes: [up('a', 'leader', 'init'), up('b', 'follower', 'apple'), up('c', 'no leader', 'init')] };
    expect(text(clusterBoxes(data, 60, 8, before), 60)).toMatchInlineSnapshot(`
      "
        ┌ a ★ ─────┐    ┌ b ✗ ─────┐  ╎  ┌ c ───────┐
        │ leader   ├────┤ crashed •│  ╎  │ no leader│
        │ x apple •│    │ x apple  │  ╎  │ x init   │
        └ term 2 ──┘    └ term 2 ──┘  ╎  └ term 2 ──┘
      "
    `);
    expect(text([clusterLine(data, 60), sidesLine(data)], 60)).toMatchInlineSnapshot(`
      "
      etcd t 2.301 s   {a★ apple  b✗ apple} ╎ {c init}
      {a b} ╎ {c}
      "
    `);
  });

  it('of hundreds of nodes is told in few rows', () => {
    const nodes = Array.from({ length: 300 }, (_, i) => up(`n${i + 1}`, 'replica', 'apple', i === 7 ? { condition: 'crashed' } : {}));
    const many = { ...data, nodes, sides: [nodes.map((one) => one.name)] };
    expect(text(clusterMap(many, 80), 80)).toMatchInlineSnapshot(`
      "
      etcd · 300 nodes · t 2.301 s · seed 1
        n1 … n7     replica   term 2   rev 3   x=apple   7 nodes
        n8        ✗ crashed   term 2   rev 3   x=apple
        n9 … n300   replica   term 2   rev 3   x=apple   292 nodes
        slow c 500ms  command 4
        clients: you (now) beside a, alice beside c
      "
    `);
  });
});

/** Messages between four lanes, each later delivered, lost or left under way, with events and faults between. */
const diagram: fc.Arbitrary<DiagramData> = fc
  .array(
    fc.record({
      gapUs: fc.constantFrom(0, 100, 5000, 200_000),
      from: fc.nat({ max: 3 }),
      to: fc.nat({ max: 3 }),
      label: anyText,
      flightUs: fc.constantFrom(50, 450, 6000, Number.POSITIVE_INFINITY),
      what: fc.constantFrom('message', 'message', 'message', 'periodic', 'lost', 'event', 'fault', 'state'),
    }),
    { maxLength: 30 },
  )
  .map((items) => {
    const rows: Happening[] = [];
    let atUs = 0;
    items.forEach(({ gapUs, from, to, label, flightUs, what }, id) => {
      atUs += gapUs;
      if (what === 'event') rows.push({ kind: 'event', atUs, lane: from, label });
      else if (what === 'fault') rows.push({ kind: 'fault', atUs, label });
      else if (what === 'state') rows.push({ kind: 'state', atUs, lane: from, state: 'cut' });
      else if (from !== to) {
        rows.push({ kind: 'send', atUs, id, from, to, label, periodic: what === 'periodic' });
        if (what === 'lost') rows.push({ kind: 'lost', atUs: atUs + 10, id, why: 'cut (2)' });
        else if (flightUs !== Number.POSITIVE_INFINITY) rows.push({ kind: 'deliver', atUs: atUs + flightUs, id });
      }
    });
    const order = rows.map((row, i) => ({ row, i })).sort((a, b) => a.row.atUs - b.row.atUs || a.i - b.i);
    return {
      lanes: ['you', 'a', 'b', 'c'].map((name) => ({ name, kind: name === 'you' ? ('client' as const) : ('node' as const) })),
      rows: order.map(({ row }) => row),
    };
  });

/** What one lane sees, in order, as it happened. */
function happened(data: DiagramData, lane: number): string[] {
  const sends = new Map(data.rows.flatMap((row) => (row.kind === 'send' ? [[row.id, row] as const] : [])));
  return data.rows.flatMap((row) => {
    if (row.kind === 'fault' || row.kind === 'state') return [];
    if (row.kind === 'event') return row.lane === lane ? [`event ${row.atUs}`] : [];
    const send = sends.get(row.id);
    if (send === undefined || send.periodic === true || row.kind === 'lost') return [];
    return row.kind === 'send' ? (send.from === lane ? [`send ${row.id}`] : []) : send.to === lane ? [`deliver ${row.id}`] : [];
  });
}

/** The same as the drawing tells it. */
function told(steps: readonly Step[], lane: number): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'quiet') return [];
    if (step.kind === 'other') return step.row.kind === 'event' && step.row.lane === lane ? [`event ${step.row.atUs}`] : [];
    const { send } = step;
    const ends = step.kind === 'arrive' || (step.kind === 'whole' && step.lost === undefined);
    return [
      ...(step.kind !== 'arrive' && send.from === lane ? [`send ${send.id}`] : []),
      ...(ends && send.to === lane ? [`deliver ${send.id}`] : []),
    ];
  });
}

describe('the space-time diagram', () => {
  it('tells each lane its own order exactly', () => {
    fc.assert(
      fc.property(diagram, (data) => {
        const { steps } = stepsOf(data);
        for (const lane of data.lanes.keys()) expect(told(steps, lane)).toEqual(happened(data, lane));
      }),
      { numRuns: 2000 },
    );
  });

  it('counts every periodic message that it does not draw', () => {
    fc.assert(
      fc.property(diagram, (data) => {
        const { steps, undrawn } = stepsOf(data);
        const counted = steps.reduce((sum, step) => sum + (step.kind === 'quiet' ? step.periodic : 0), undrawn);
        expect(counted).toBe(data.rows.filter((row) => row.kind === 'send' && row.periodic === true).length);
      }),
    );
  });

  it('fits any screen', () => {
    fc.assert(
      fc.property(diagram, anyWidth, (data, width) => fits(spaceTime(data, width), width)),
      { numRuns: 150 },
    );
  });

  it('looks like this', () => {
    const rows: Happening[] = [
      { kind: 'event', atUs: 0, lane: 0, label: 'set x apple' },
      { kind: 'send', atUs: 0, id: 1, from: 0, to: 1, label: 'put x' },
      { kind: 'deliver', atUs: 50, id: 1 },
      { kind: 'send', atUs: 450, id: 2, from: 1, to: 2, label: 'append 3' },
      { kind: 'send', atUs: 450, id: 3, from: 1, to: 3, label: 'append 3' },
      { kind: 'lost', atUs: 450, id: 3, why: 'cut (2)' },
      { kind: 'send', atUs: 600, id: 4, from: 2, to: 1, label: 'vote?' },
      { kind: 'deliver', atUs: 950, id: 2 },
      { kind: 'deliver', atUs: 1100, id: 4 },
      { kind: 'send', atUs: 1200, id: 5, from: 1, to: 2, label: 'heartbeat', periodic: true },
      { kind: 'event', atUs: 1_000_000, lane: 0, label: 'timed out', sign: '?', as: 'unknown' },
    ];
    const lanes = ['you', 'a', 'b', 'c'].map((name, i) => ({
      name,
      kind: i === 0 ? ('client' as const) : ('node' as const),
      leads: name === 'a',
    }));
    const lines = spaceTime({ lanes, rows, periodicNoun: 'heartbeats' }, 80);
    expect(`\n${render([{ kind: 'picture', lines }], { width: 80, colour: false, ascii: false }).join('\n')}\n`).toMatchInlineSnapshot(`
      "
                   you             a ★             b               c
         0.000 µs  ● set x apple   │               │               │
                   ├─put x────────▶│               │               │
       450.000 µs  │               ├╌append 3╌╌╌╌╌╌│               │
                   │               ├─append 3─────────────────────✗│  cut (2)
       600.000 µs  │               │◀────────vote?─┤               │
       950.000 µs  │               │╌╌╌╌╌╌append 3▶│               │
        … 999.050 ms, 1 heartbeat …
          1.000 s  ? timed out     │               │               │
      "
    `);
  });
});

it('the timeline fits any screen', () => {
  const operation = fc.record({
    n: fc.integer({ min: 1, max: 999 }),
    who: fc.constantFrom('you', 'alice@c'),
    label: anyText,
    callUs: fc.nat({ max: 10_000_000 }),
    tookUs: fc.constantFrom(100, 1620, 7_000_000, Number.POSITIVE_INFINITY),
    status: fc.constantFrom('ok' as const, 'fail' as const, 'unknown' as const),
    result: anyText,
    stale: fc.boolean(),
    mark: anyText,
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), anyWidth, fc.nat({ max: 20_000_000 }), anyText, (list, width, nowUs, label) => {
      const operations = list
        .map(({ tookUs, ...rest }) => ({ ...rest, returnUs: rest.callUs + tookUs }))
        .sort((a, b) => a.callUs - b.callUs);
      fits(timeline({ operations, faults: [{ label, fromUs: 5000, toUs: Number.POSITIVE_INFINITY }], nowUs }, width), width);
    }),
    { numRuns: 150 },
  );
});
