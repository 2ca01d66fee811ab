import { models } from '../checkers/index.ts';
import type { Model } from '../checkers/model.ts';
import { type Block, type Line, styled, text } from '../view/block.ts';

/** Every model: what each means, which it implies, strongest first. */
export function modelTable(): readonly Block[] {
  return [
    text(['Unknown outcomes stay open: they may have happened at any time after their call, or never.']),
    text([styled('models', 'heading'), styled('  → what each implies', 'dim')]),
    ...models.map(
      (model): Block => ({
        kind: 'text',
        hang: 4,
        lines: [
          ['  ', styled(model.name, 'command'), styled(model.implies.length === 0 ? '' : `  → ${model.implies.join(', ')}`, 'dim')],
          [`    ${model.says}`],
        ],
      }),
    ),
  ];
}

/** One model in full. */
export function aboutModel(model: Model): readonly Block[] {
  const row = (name: string, what: string): Line => [styled(name.padEnd(12), 'dim'), what];
  const stronger = models.filter(({ implies }) => implies.includes(model.name)).map(({ name }) => name);
  return [
    text([styled(model.name, 'heading')]),
    text([model.says]),
    {
      kind: 'text',
      hang: 12,
      lines: [
        ...(model.implies.length === 0 ? [] : [row('implies', model.implies.join(', '))]),
        ...(stronger.length === 0 ? [] : [row('implied by', stronger.join(', '))]),
        row('judges', model.judges.join(', ')),
        ...(model.bound === undefined ? [] : [row('bound', `${model.name}=${model.bound === 'us' ? '500ms' : '2'}`)]),
        ...(model.aliases.length === 0 ? [] : [row('also', model.aliases.join(', '))]),
        row('source', model.source),
      ],
    },
    text(['  ', styled(`check ${model.name}`, 'command')]),
  ];
}
