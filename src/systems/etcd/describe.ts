import { unreachable } from '../../core/unreachable.ts';
import type { EtcdMessage } from './types.ts';

/** A short label for diagrams and logs. */
export function describe(m: EtcdMessage): string {
  switch (m.kind) {
    case 'append': {
      const last = m.entries[m.entries.length - 1];
      const first = m.entries[0];
      if (last === undefined || first === undefined) return `commit ${m.commit}`;
      return first === last ? `append ${last.index}` : `append ${first.index}–${last.index}`;
    }
    case 'appended':
      return m.index === 0 ? `term ${m.term}` : `ok ${m.index}`;
    case 'mismatch':
      return `no ${m.index}, try ${m.hint}`;
    case 'heartbeat':
      return m.read === 0 ? 'heartbeat' : 'heartbeat, still leader?';
    case 'alive':
      return m.read === 0 ? 'ok' : 'ok, you lead';
    case 'ask-vote':
      return `${m.pre ? 'pre-vote' : 'vote'} for term ${m.term}?`;
    case 'vote':
      return `${m.granted ? 'yes' : 'no'}, term ${m.term}`;
    case 'install':
      return `snapshot ${m.snapshot.index}`;
    case 'propose':
      return 'forwarded write';
    case 'read-index':
      return 'read index?';
    case 'read-at':
      return `read at ${m.index}`;
    case 'flushed':
      return `on disk ${m.index}`;
    case 'put':
      return `put ${m.key} ${m.value}`;
    case 'delete':
      return `delete ${m.key}`;
    case 'cas':
      return `cas ${m.key} ${m.expected ?? 'none'} ${m.value}`;
    case 'range':
      return `read ${m.key}`;
    case 'written':
      return m.held ? 'ok' : 'FAILURE';
    case 'found':
      return m.value === null ? 'no value' : m.value;
    case 'error':
      return m.text;
    case 'ping':
    case 'pong':
      return m.kind;
    default:
      return unreachable(m);
  }
}
