import type { Operation } from '../history/operation.ts';
import { valueText } from '../view/outcome.ts';

/** What an operation asks for, as it stands in pictures: `W x=1`, `R x`; without the key where there is only one. */
export function operationText(op: Operation, keyed: boolean): string {
  const key = keyed ? ` ${op.key}` : '';
  const value = valueText(op.value, 16);
  switch (op.effect) {
    case 'read':
      return `R${key}`;
    case 'write':
      if (op.value === null) return `D${key}`;
      return keyed ? `W${key}=${value}` : `W ${value}`;
    case 'cas':
      return `C${key} ${valueText(op.expected ?? null, 10)}→${valueText(op.value, 10)}`;
    case 'txn':
      return valueText(op.value, 48);
    case 'dequeue':
    case 'acquire':
    case 'generate':
      return `${op.effect}${key}`;
    default:
      return `${op.effect}${key}${op.value === null ? '' : ` ${value}`}`;
  }
}

/** What an ok operation brought back, where that is not what it was sent with. */
export function answerText(op: Operation, most?: number): string {
  const answers = ['read', 'dequeue', 'acquire', 'generate'].includes(op.effect);
  if (!answers || op.status !== 'ok' || (op.effect === 'acquire' && op.value === null)) return '';
  return valueText(op.value, most);
}
