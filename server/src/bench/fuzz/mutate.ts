import type { Random } from '../../random.js';

/** Numbers at the edges of what a size, an offset or a count can be, little- and big-endian alike. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const mostMutations = 6;
const longestPiece = 4096;
/** A mutated input is at most this much longer than what it came from. */
const largestGrowth = 1 << 20;
/** Texts that some reader takes for more than a text. */
const words = [
  '"',
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '\0',
  '..',
  '/',
  '{',
  '[',
  '(',
  ' ',
  'NaN',
  '-1',
  '1e999',
  '__proto__',
  'constructor',
  '\ufeff',
  '%00',
  '[[[[',
  '{"a":',
];

type Mutation = (bytes: Buffer, random: Random, corpus: readonly Buffer[]) => Buffer;

const replaced = (bytes: Buffer, from: number, to: number, piece: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)]);

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const flipped = Buffer.from(bytes);
    if (flipped.length > 0) flipped[random.integer(flipped.length)] ^= 1 << random.integer(8);
    return flipped;
  },
  (bytes, random) => {
    const set = Buffer.from(bytes);
    if (set.length > 0) set[random.integer(set.length)] = random.integer(256);
    return set;
  },
  (bytes, random) => {
    const set = Buffer.from(bytes);
    const edge = edges[random.integer(edges.length)];
    const width = [1, 2, 4][random.integer(3)];
    if (set.length < 4) return set;
    const at = random.integer(set.length - 3);
    const value = edge % 2 ** (8 * width);
    if (random.integer(2) === 0) set.writeUIntLE(value, at, width);
    else set.writeUIntBE(value, at, width);
    return set;
  },
  (bytes, random) => bytes.subarray(0, random.integer(bytes.length + 1)),
  (bytes, random) => {
    const [from, length] = piece(bytes, random);
    return replaced(bytes, from, from + length, Buffer.alloc(0));
  },
  (bytes, random) => {
    const [from, length] = piece(bytes, random);
    const times = 1 + random.integer(64);
    return replaced(
      bytes,
      from,
      from,
      Buffer.concat(Array.from({ length: times }, () => bytes.subarray(from, from + length))),
    );
  },
  (bytes, random, corpus) => {
    const other = corpus[random.integer(corpus.length)];
    const [from, length] = piece(other, random);
    const [at, cut] = piece(bytes, random);
    return replaced(bytes, at, at + cut, other.subarray(from, from + length));
  },
  (bytes, random) => {
    const at = random.integer(bytes.length + 1);
    const word = words[random.integer(words.length)];
    return replaced(bytes, at, at, Buffer.from(word.repeat(1 + random.integer(8))));
  },
];

function piece(bytes: Buffer, random: Random): [from: number, length: number] {
  const from = random.integer(bytes.length + 1);
  return [from, random.integer(Math.min(longestPiece, bytes.length - from) + 1)];
}

/** An input of the corpus, changed in one to six places. The same seed gives the same bytes. */
export function mutate(corpus: readonly Buffer[], random: Random): Buffer {
  const first = corpus[random.integer(corpus.length)];
  let bytes = first;
  for (let n = random.integer(mostMutations) + 1; n > 0; n--)
    bytes = mutations[random.integer(mutations.length)](bytes, random, corpus).subarray(
      0,
      first.length + largestGrowth,
    );
  return bytes;
}
