import { FAIL, NEVER, OK, UNKNOWN } from '../../../src/history/columns.ts';
import { type History, knownAtCall, type Op } from '../history.ts';
import type { Random } from '../random.ts';
import { type Answer, type Request, run, type Store } from './machine.ts';
import { mutated } from './mutate.ts';
import { Replicas } from './replicas.ts';
import { Requests } from './requests.ts';

/** How large histories may be. */
export interface Size {
  readonly operations: number;
  readonly processes: number;
  readonly keys: number;
  /** Whether texts are appended to, in types that can. */
  readonly appends: boolean;
}

type Fate = 'ok' | 'fail' | 'late' | 'lost';

interface Open {
  readonly request: Request;
  readonly call: number;
  readonly fate: Fate;
  answer: Answer | undefined;
  ret: number;
}

/** What answers requests: one correct object, or replicas that lag behind each other. */
interface Service {
  readonly correct: boolean;
  answer(request: Request): Answer;
}

/** A small history: a service at work, its operations overlapping, and mostly some results changed afterwards. */
export function generate(type: string, random: Random, size: Size): History {
  const keys = random.chance(50) ? 1 : random.range(1, size.keys);
  const requests = new Requests(type, random, keys, random.chance(size.appends ? 75 : 4));
  if (!lags(type) || random.chance(50))
    return mutated(correct(type, random, size, requests), random, random.pick([0, 1, 2, 3, 4]), requests);
  const history = played(type, random, size, requests, new Replicas(type, random, size.processes));
  return mutated(history, random, random.pick([0, 0, 1, 2]), requests);
}

/** What one correct object of a type does. */
export function correct(type: string, random: Random, size: Size, requests: Requests): History {
  const store: Store = new Map();
  return played(type, random, size, requests, { correct: true, answer: (request) => run(type, store, request, random) });
}

/** Types whose replicas can be made to agree by applying updates in any order they come in. */
const lags = (type: string): boolean => ['register', 'cas-register', 'set', 'list', 'counter', 'rw-register', 'list-append'].includes(type);

/** Calls, moments of effect and returns in some order; what is of unknown outcome takes effect late or never. */
function played(type: string, random: Random, size: Size, requests: Requests, service: Service): History {
  const processes = random.range(1, size.processes);
  const open = new Map<number, Open>();
  const all: Open[] = [];
  const unknownPercent = random.pick([0, 0, 15, 40]);
  const busyPercent = random.pick([15, 30, 50, 80]);
  const names = Array.from({ length: processes }, (_, i) => i);
  // Reads after everything else tell what became of it.
  const finalReads = random.pick([0, 0, 1, 2, 3]);
  let rank = 0;
  let left = Math.max(random.range(2, size.operations), random.range(2, size.operations));
  while (left > 0 || open.size > 0) {
    const idle = names.findIndex((name) => !open.has(name));
    const ending = left <= finalReads;
    const waits = left === finalReads && open.size > 0;
    if (left > 0 && idle >= 0 && !waits && (open.size === 0 || random.chance(busyPercent))) {
      const name = random.pick(names.filter((one) => !open.has(one)));
      const fate = random.chance(unknownPercent) ? random.pick<Fate>(['late', 'late', 'lost']) : random.chance(6) ? 'fail' : 'ok';
      const one: Open = { request: requests.draw(name, ending), call: ++rank, fate, answer: undefined, ret: NEVER };
      open.set(name, one);
      all.push(one);
      left--;
      continue;
    }
    const late = all.filter((one) => one.fate === 'late' && one.answer === undefined && ![...open.values()].includes(one));
    const one = random.pick([...open.values(), ...late]);
    const { process } = one.request;
    if ((one.fate === 'ok' || one.fate === 'late') && one.answer === undefined && (one.fate === 'ok' || random.chance(60))) {
      one.answer = service.answer(one.request);
    } else if (open.get(process) === one) {
      if (one.fate === 'ok' || one.fate === 'fail') one.ret = ++rank;
      // Half of the processes go on under a new number after an unknown outcome, as Jepsen's do.
      if (one.ret === NEVER && random.chance(50)) names[names.indexOf(process)] = process + 5;
      open.delete(process);
    }
  }
  return { type, ops: all.map((one, i) => opOf(one, i + 1)), correct: service.correct };
}

function opOf({ request, call, ret, fate, answer }: Open, id: number): Op {
  const { process, effect, key, expected } = request;
  const known = answer !== undefined && ret !== NEVER;
  const status = ret === NEVER ? UNKNOWN : known ? answer.status : FAIL;
  const argument = knownAtCall(request) ? request.value : null;
  const value = known && status === OK && fate === 'ok' ? answer.value : argument;
  return { id, process, effect, status, key, value, expected, call, ret, micro: known ? answer.micro : request.micro };
}
