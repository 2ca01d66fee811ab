/** Consistency levels of CQL. One data centre is modelled, so LOCAL_ and EACH_ mean what their plain names mean. */
export type Level =
  | 'ANY'
  | 'ONE'
  | 'TWO'
  | 'THREE'
  | 'LOCAL_ONE'
  | 'QUORUM'
  | 'LOCAL_QUORUM'
  | 'EACH_QUORUM'
  | 'ALL'
  | 'SERIAL'
  | 'LOCAL_SERIAL';

export const LEVELS: readonly Level[] = [
  'ANY',
  'ONE',
  'TWO',
  'THREE',
  'LOCAL_ONE',
  'QUORUM',
  'LOCAL_QUORUM',
  'EACH_QUORUM',
  'ALL',
  'SERIAL',
  'LOCAL_SERIAL',
];

export function isSerial(level: Level): boolean {
  return level === 'SERIAL' || level === 'LOCAL_SERIAL';
}

/** How many replicas must answer (ConsistencyLevel.blockFor). May be more than there are: then the level can never be met. */
export function blockFor(level: Level, rf: number): number {
  switch (level) {
    case 'ANY':
    case 'ONE':
    case 'LOCAL_ONE':
      return 1;
    case 'TWO':
      return 2;
    case 'THREE':
      return 3;
    case 'ALL':
      return rf;
    default:
      return Math.floor(rf / 2) + 1;
  }
}
