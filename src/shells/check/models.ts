import { dataTypes } from '../../checkers/types.ts';
import { modelTable } from '../../commands/model-help.ts';
import { type Block, styled, text } from '../../view/block.ts';
import { render } from '../../view/render.ts';
import { lookOf } from '../output.ts';

/** `cap-tutor check --models`: what each model means and implies, and the types of objects. */
export function listModels(ascii: boolean): void {
  const types: readonly Block[] = [
    text([styled('types of objects', 'heading')]),
    {
      kind: 'table',
      columns: [
        { title: '', align: 'left' },
        { title: '', align: 'left' },
      ],
      rows: dataTypes.map(({ name, says }) => [[styled(`  ${name}`, 'command')], [says]]),
    },
  ];
  process.stdout.write(`${render([...modelTable(), ...types], lookOf(process.stdout, ascii)).join('\n')}\n`);
}
