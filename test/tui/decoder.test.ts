import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decoder } from '../../src/shells/terminal/decoder.ts';
import { type InputEvent, isControl, keyId } from '../../src/shells/terminal/keys.ts';

/** Events as short strings; text that came in pieces is put together, for how it was cut means nothing. */
function words(events: readonly InputEvent[]): string[] {
  const out: string[] = [];
  let joining = false;
  for (const event of events) {
    if (event.type === 'key') out.push(`<${keyId(event)}>`);
    else if (event.type === 'paste') out.push(`paste ${JSON.stringify(event.text)}`);
    else if (joining) out.push(`${out.pop() ?? ''}${event.text}`);
    else out.push(event.text);
    joining = event.type === 'text';
  }
  return out;
}

function decode(...chunks: (Uint8Array | string)[]): string[] {
  const decoder = new Decoder();
  return words([...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.flush()]);
}

describe('the decoder', () => {
  it.each([
    ['\x1b[A\x1b[B\x1b[C\x1b[D', '<up> <down> <right> <left>'],
    ['\x1bOA\x1bOH\x1bOF\x1bOR', '<up> <home> <end> <f3>'],
    ['\x1b[1;5C\x1b[1;3D\x1b[1;2A\x1b[1;8B', '<C-right> <M-left> <S-up> <C-M-S-down>'],
    ['\x1b[H\x1b[1~\x1b[7~\x1b[F\x1b[4~\x1b[8~', '<home> <home> <home> <end> <end> <end>'],
    ['\x1b[3~\x1b[3;5~\x1b[5~\x1b[6~\x1b[2~', '<delete> <C-delete> <pageup> <pagedown> <insert>'],
    ['\x1bOP\x1b[11~\x1b[1;5P\x1b[24~\x1b[[E', '<f1> <f1> <C-f1> <f12> <f5>'],
    ['\t\x1b[Z\r\n\x7f\b', '<tab> <S-tab> <return> <return> <backspace> <backspace>'],
    ['\x01\x1a\x1f\x00\x1c', '<C-a> <C-z> <C-_> <C-space> <C-\\>'],
    ['\x1bb\x1bB\x1b\x7f\x1b\r\x1b\x01', '<M-b> <M-S-b> <M-backspace> <M-return> <C-M-a>'],
    ['\x1b\x1b[A\x1bOd', '<M-up> <C-left>'],
    ['\x1b', '<escape>'],
    ['\x1b\x1b', '<escape> <escape>'],
    ['\x1b[', '<M-[>'],
    ['\x1b[13;2u\x1b[97;5u\x1b[27;5;98~\x1b[233;1u\x1b[57441;2u', '<S-return> <C-a> <C-b> é'],
    ['\x1bOM\x1bOq\x1bOk', '<return> 1+'],
  ])('reads %j', (bytes, expected) => {
    expect(decode(bytes).join(' ')).toBe(expected);
  });

  it.each([
    ['mouse', '\x1b[<0;10;20M\x1b[<0;10;20m\x1b[M !!'],
    ['focus', '\x1b[I\x1b[O'],
    ['a cursor report', '\x1b[12;40R'],
    ['device attributes', '\x1b[?62;22c\x1b[>0;276;0c'],
    ['a mode report', '\x1b[?2026;2$y'],
    ['a kitty answer', '\x1b[?1u'],
    ['a colour', '\x1b]11;rgb:0000/0000/0000\x07\x1b]10;rgb:ffff/ffff/ffff\x1b\\'],
    ['a version', '\x1bP>|xterm(390)\x1b\\'],
    ['an unknown key', '\x1b[99~\x1b[1;2Y\x1bOz'],
    ['8-bit controls', '\u009b\u0085'],
  ])('drops %s', (_what, bytes) => {
    expect(decode(`a${bytes}b`)).toEqual(['ab']);
  });

  it('lets Ctrl-C and Enter through whatever stands before them', () => {
    for (const broken of ['\x1b[12;', '\x1b]0;title', '\x1bP', '\x1b[200~\x1b[201~\x1b[<1']) {
      expect(decode(`${broken}\x03`).at(-1), JSON.stringify(broken)).toBe('<C-c>');
      expect(decode(`${broken}\r`).at(-1), JSON.stringify(broken)).toBe('<return>');
    }
  });

  it('gives a paste as one event, its lines kept and its controls gone', () => {
    expect(decode('x\x1b[200~set x 1\r\nread\tx\r\x1b[31m\x07\x03é\x1b[201~y')).toEqual(['x', 'paste "set x 1\\nread\\tx\\n[31mé"', 'y']);
  });

  it('does not let a paste without an end swallow the keyboard', () => {
    const decoder = new Decoder();
    expect(decoder.push('\x1b[200~abc')).toEqual([]);
    expect(decoder.waitMs).toBeGreaterThan(1000);
    expect(words(decoder.flush())).toEqual(['paste "abc"']);
    expect(decoder.waitMs).toBeUndefined();
    expect(words(decoder.push('\x1b[201~d'))).toEqual(['d']);
  });

  it('asks for a short wait after a lone ESC and none after a whole key', () => {
    const decoder = new Decoder();
    decoder.push('\x1b');
    expect(decoder.waitMs).toBeLessThanOrEqual(50);
    decoder.push('[');
    expect(decoder.waitMs).toBeGreaterThan(50);
    expect(words(decoder.push('A'))).toEqual(['<up>']);
    expect(decoder.waitMs).toBeUndefined();
  });
});

const piece = fc.constantFrom(
  ...[
    'a',
    'Z',
    ' ',
    'é',
    '한',
    '👩‍👩‍👧',
    'e\u0301',
    '\r',
    '\n',
    '\t',
    '\x03',
    '\x7f',
    '\x1b',
    '\x1b\x1b',
    '[',
    'O',
    'M',
    '1',
    ';',
    '~',
    '\\',
  ],
  ...[
    '\x1b[A',
    '\x1b[1;5C',
    '\x1bOP',
    '\x1b[[A',
    '\x1b[M !!',
    '\x1b[<0;1;2M',
    '\x1b[200~',
    '\x1b[201~',
    '\x1b]0;t\x07',
    '\x1bP1\x1b\\',
    '\u009b',
  ],
);

describe('laws of the decoder', () => {
  it('gives the same events however the bytes are cut', () => {
    const input = fc.array(piece, { maxLength: 24 }).map((pieces) => Buffer.from(pieces.join('')));
    fc.assert(
      fc.property(input, fc.array(fc.nat(200), { maxLength: 8 }), (bytes, marks) => {
        const cuts = [0, ...marks.map((m) => m % (bytes.length + 1)), bytes.length].sort((x, y) => x - y);
        const chunks = cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to));
        expect(decode(...chunks)).toEqual(decode(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('never puts a control character into text, nor more than line ends and tabs into a paste', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(piece, { maxLength: 8 }), (bytes, pieces) => {
        const decoder = new Decoder();
        for (const event of [...decoder.push(bytes), ...decoder.push(pieces.join('')), ...decoder.flush()]) {
          if (event.type === 'key') continue;
          const allowed = event.type === 'paste' ? '\n\t' : '';
          for (const char of event.text) expect(allowed.includes(char) || !isControl(char.charCodeAt(0))).toBe(true);
        }
        expect(decoder.waitMs).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});
