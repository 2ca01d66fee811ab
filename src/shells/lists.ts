import { systems } from '../systems/index.ts';
import { styled } from '../view/block.ts';
import { render } from '../view/render.ts';
import { lookOf } from './output.ts';

/** `cap-tutor systems`: a table. */
export function listSystems(ascii: boolean): void {
  const lines = render(
    [
      {
        kind: 'table',
        columns: [
          { title: 'system', align: 'left' },
          { title: 'version', align: 'left' },
          { title: 'what it is', align: 'left' },
        ],
        rows: systems.map(({ name, version, tagline }) => [[styled(name, 'strong')], [version], [tagline]]),
      },
    ],
    lookOf(process.stdout, ascii),
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}
