import type { Random } from './random.js';

/** Mutations in one step from input to input. */
const MAX_STEPS = 6;
/** Texts that parsers trip over, whatever they read. */
const ODD = [
  ...[
    '\0',
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\t',
    ' ',
    '"',
    '\\',
    '\\u0000',
    '\\ud800',
    '%00',
    '%2e%2e/',
    '../',
    '//',
    '?',
    '#',
  ],
  ...['[', ']', '{', '}', ',', ':', '=', '-1', '0', '1e999', '9007199254740993', '99999999999999999999', 'NaN', 'null'],
  ...['true', '__proto__', 'constructor', 'toString', '\u2028', '\ufeff', '\u{1f600}', 'é', '\x7f', '\xff'],
];
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** The sources that a mutation may take from. */
export interface Material {
  readonly words: readonly string[];
  readonly corpus: readonly Buffer[];
  readonly maxBytes: number;
}

type Mutation = (input: Buffer, random: Random, material: Material) => Buffer;

/** Another input, near to this one. */
export function mutated(input: Buffer, random: Random, material: Material): Buffer {
  let output = input;
  for (let step = random.below(MAX_STEPS) + 1; step > 0; step -= 1)
    output = random.of(mutations)(output, random, material);
  return output.subarray(0, material.maxBytes);
}

const mutations: readonly Mutation[] = [
  // One bit.
  (input, random) => changed(input, random, (byte) => byte ^ (1 << random.below(8))),
  // One byte.
  (input, random) => changed(input, random, () => random.below(256)),
  (input, random) => changed(input, random, (byte) => byte + random.below(5) - 2),
  // A number.
  (input, random) => {
    const number = Buffer.alloc(8);
    const value = random.of(NUMBERS);
    if (random.below(2) === 0) number.writeUInt32BE(value, 4);
    else number.writeUInt32LE(value, 0);
    const bytes = random.of([1, 2, 4, 8]);
    return spliced(input, random.below(input.length + 1), bytes, number.subarray(8 - bytes));
  },
  // A word in, or over what is there.
  (input, random, { words }) => {
    const word = Buffer.from(random.of(words.length > 0 && random.below(3) > 0 ? words : ODD));
    return spliced(input, random.below(input.length + 1), random.below(2) * word.length, word);
  },
  // A piece out.
  (input, random) => spliced(input, random.below(input.length + 1), span(input, random), Buffer.alloc(0)),
  // A piece twice, or many times.
  (input, random, { maxBytes }) => {
    const at = random.below(input.length + 1);
    const piece = input.subarray(at, at + span(input, random));
    const most = Math.max(1, Math.floor(maxBytes / Math.max(1, piece.length)));
    const times = random.below(10) === 0 ? most : 1 + random.below(3);
    return spliced(input, at, 0, Buffer.concat(Array.from({ length: Math.min(times, most) }, () => piece)));
  },
  // A piece elsewhere.
  (input, random) => {
    const at = random.below(input.length + 1);
    return spliced(input, random.below(input.length + 1), 0, input.subarray(at, at + span(input, random)));
  },
  // The head of this, the tail of another.
  (input, random, { corpus }) => {
    const other = corpus.length === 0 ? input : random.of(corpus);
    return Buffer.concat([
      input.subarray(0, random.below(input.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]);
  },
  // A piece of another.
  (input, random, { corpus }) => {
    const other = corpus.length === 0 ? input : random.of(corpus);
    const at = random.below(other.length + 1);
    return spliced(input, random.below(input.length + 1), 0, other.subarray(at, at + span(other, random)));
  },
];

function changed(input: Buffer, random: Random, change: (byte: number) => number): Buffer {
  if (input.length === 0) return Buffer.from([random.below(256)]);
  const output = Buffer.from(input);
  const at = random.below(input.length);
  output[at] = change(output[at] ?? 0) & 0xff;
  return output;
}

/** Most often a short one. */
function span(input: Buffer, random: Random): number {
  return 1 + random.below(random.below(3) > 0 ? 16 : input.length + 1);
}

function spliced(input: Buffer, at: number, without: number, piece: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, at), piece, input.subarray(at + without)]);
}
