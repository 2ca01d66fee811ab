import { MeterLine } from '../meter.ts';

/** How far the reading and the judging of a long history are. */
export class Meter extends MeterLine {
  reading(operations: number, part: number | undefined): void {
    this.show(`reading: ${operations} operations${part === undefined ? '' : `, ${Math.floor(Math.min(1, part) * 100)} %`}`);
  }

  judging(model: string, done: number, of: number): void {
    this.show(of > 0 ? `${model}: ${Math.floor((Math.min(done, of) / of) * 100)} %` : model);
  }
}
