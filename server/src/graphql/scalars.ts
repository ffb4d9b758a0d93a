import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';

const outputOnly = (name: string) => (): never => {
  throw new TypeError(`${name} is an output scalar.`);
};

/** Decimals that are enough for a float32 of at least 1/16, and for most smaller ones. */
const decimals = 1e9;
const moreDecimals = 1e12;

/** The same float32 with the fewest digits that come cheaply: half the text, and half the time to write it. */
function briefly(value: number): number {
  const rounded =
    value >= 0.0625 ? Math.round(value * decimals) / decimals : Math.round(value * moreDecimals) / moreDecimals;
  return Math.fround(rounded) === Math.fround(value) ? rounded : value;
}

function serializeVector(vector: ArrayLike<number>): number[] {
  const numbers = new Array<number>(vector.length);
  for (let place = 0; place < vector.length; place++) numbers[place] = briefly(vector[place]);
  return numbers;
}

/**
 * A vector over the classes of a data set, in the order of `Dataset.classes`. One scalar, so that a page of samples
 * costs one value each, not C.
 */
export const DistributionScalar = new GraphQLScalarType<number[], number[]>({
  name: 'Distribution',
  description:
    'Numbers over the classes of a data set, in the order of `Dataset.classes`: `[C]`, each in [0, 1], summing to 1. JSON: an array of numbers in single precision (float32).',
  serialize: (value) => serializeVector(value as ArrayLike<number>),
  parseValue: outputOnly('Distribution'),
  parseLiteral: (node: ValueNode) => outputOnly(node.kind === Kind.LIST ? 'Distribution' : node.kind)(),
});

/** A list of numbers of any length, e.g. a loss at every step: one value to a client, not thousands. */
export const NumbersScalar = new GraphQLScalarType<number[], number[]>({
  name: 'Numbers',
  description: 'Numbers in a list. JSON: an array of numbers in single precision (float32).',
  serialize: (value) => serializeVector(value as ArrayLike<number>),
  parseValue: outputOnly('Numbers'),
  parseLiteral: () => outputOnly('Numbers')(),
});

/** Rows of numbers, e.g. a confusion matrix. */
export const MatrixScalar = new GraphQLScalarType<number[][], number[][]>({
  name: 'Matrix',
  description:
    'Rows of numbers: `[rows][columns]`. JSON: an array of arrays of numbers; `null` where a number is undefined.',
  serialize: (value) => value as number[][],
  parseValue: outputOnly('Matrix'),
  parseLiteral: () => outputOnly('Matrix')(),
});
