import { EXIT } from '../exit.ts';
import { Decoder } from '../terminal/decoder.ts';
import { type InputEvent, keyId } from '../terminal/keys.ts';
import { createEditor, type Editor, press } from '../terminal/line-editor.ts';
import { keepLines } from './history-file.ts';
import { choicesText, promptRow, submittedRow } from './row.ts';
import type { Talk } from './talk.ts';

const PASTE_ON = '\u001b[?2004h';
const PASTE_OFF = '\u001b[?2004l';

/**
 * The prompt on a terminal that can be drawn on. Keys are taken in raw mode; those that come while a command runs wait for its end, but for Ctrl-C,
 * which takes the command back and forgets them.
 */
export class Prompt {
  readonly #talk: Talk;
  readonly #decoder = new Decoder();
  #editor: Editor;
  #queue: InputEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  /** Leaves with an exit code; undefined before the prompt has begun and once it is over. */
  #done: ((code: number) => void) | undefined;
  #failed: (fault: unknown) => void = () => {};

  constructor(talk: Talk, history: readonly string[]) {
    this.#talk = talk;
    this.#editor = createEditor(history);
  }

  /** Resolves with the exit code when its user leaves. */
  async run(): Promise<number> {
    const { stdin, stdout } = process;
    const ended = new Promise<number>((resolve, reject) => {
      this.#failed = reject;
      this.#done = (code) => {
        this.#done = undefined;
        resolve(code);
      };
    });
    const listeners = this.#listeners();
    for (const [emitter, event, listener] of listeners) emitter.on(event, listener);
    this.#grab();
    this.#draw();
    try {
      return await ended;
    } finally {
      for (const [emitter, event, listener] of listeners) emitter.off(event, listener);
      clearTimeout(this.#timer);
      this.#release();
      stdin.pause();
      stdout.write('\n');
    }
  }

  #listeners(): readonly (readonly [NodeJS.EventEmitter, string, (chunk: Uint8Array) => void])[] {
    const { stdin, stdout } = process;
    const leave = (code: number) => (): void => this.#done?.(code);
    return [
      [stdin, 'data', (chunk: Uint8Array) => this.#take(this.#decoder.push(chunk))],
      [stdin, 'end', leave(EXIT.hangUp)],
      [stdin, 'error', leave(EXIT.hangUp)],
      [stdout, 'resize', () => this.#draw()],
      // Sent from outside, since the key itself comes as a character in raw mode.
      [process, 'SIGINT', () => this.#take([{ type: 'key', name: 'c', ctrl: true, meta: false, shift: false }])],
      [process, 'SIGTERM', leave(EXIT.terminated)],
      [process, 'SIGHUP', leave(EXIT.hangUp)],
      [process, 'SIGCONT', () => this.#woken()],
      // Whatever ends the program, the terminal is given back.
      [process, 'exit', () => this.#release()],
    ];
  }

  #grab(): void {
    process.stdin.setRawMode(true);
    process.stdin.resume();
    process.stdout.write(PASTE_ON);
  }

  #release(): void {
    process.stdout.write(PASTE_OFF);
    process.stdin.setRawMode(false);
  }

  #woken(): void {
    this.#grab();
    this.#draw();
  }

  #take(events: readonly InputEvent[]): void {
    clearTimeout(this.#timer);
    const { waitMs } = this.#decoder;
    if (waitMs !== undefined) this.#timer = setTimeout(() => this.#take(this.#decoder.flush()), waitMs);
    for (const event of events) {
      if (this.#busy && event.type === 'key' && keyId(event) === 'C-c') {
        this.#talk.interrupted = true;
        this.#queue = [];
      } else this.#queue.push(event);
    }
    if (!this.#busy) this.#work().catch(this.#failed);
  }

  /** Keys one by one, each when the one before has had its effect. */
  async #work(): Promise<void> {
    this.#busy = true;
    try {
      for (let event = this.#queue.shift(); event !== undefined && this.#done !== undefined; event = this.#queue.shift()) {
        await this.#press(event);
      }
    } finally {
      this.#busy = false;
    }
    this.#draw();
  }

  async #press(event: InputEvent): Promise<void> {
    const before = this.#editor;
    const { editor, outcome } = press(before, event, (line, cursor) => this.#talk.complete(line, cursor));
    this.#editor = editor;
    const { stdout } = process;
    switch (outcome.type) {
      case 'edited':
        if (editor.choices !== before.choices && editor.choices.length > 0) {
          stdout.write(`${submittedRow(this.#talk.prompt, editor.line.text)}${choicesText(editor.choices, this.#columns)}`);
        }
        return;
      case 'submit':
        return this.#submit(outcome.lines);
      case 'interrupt':
        stdout.write(submittedRow(this.#talk.prompt, `${before.line.text}^C`));
        return;
      case 'end':
        this.#done?.(EXIT.ok);
        return;
      case 'clear':
        stdout.write('\u001b[H\u001b[2J');
        return;
      case 'pass':
        if (event.type === 'key' && keyId(event) === 'C-z') this.#suspend();
    }
  }

  async #submit(lines: readonly string[]): Promise<void> {
    keepLines(lines);
    for (const line of lines) {
      process.stdout.write(submittedRow(this.#talk.prompt, line));
      if (await this.#talk.line(line)) {
        this.#queue = [];
        this.#done?.(EXIT.ok);
        return;
      }
      if (this.#talk.interrupted) return;
    }
  }

  /** Ctrl-Z, as in every other program: the shell gets the terminal, `fg` brings the prompt back. */
  #suspend(): void {
    if (process.platform === 'win32') return;
    this.#release();
    process.stdout.write('\n');
    process.kill(process.pid, 'SIGTSTP');
  }

  get #columns(): number {
    return Math.max(12, process.stdout.columns || 80);
  }

  #draw(): void {
    if (!this.#busy && this.#done !== undefined) process.stdout.write(promptRow(this.#editor, this.#talk.prompt, this.#columns));
  }
}
