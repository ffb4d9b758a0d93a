import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';

const outputOnly = (name: string) => (): never => {
  throw new TypeError(`${name} is an output scalar.`);
};

/** A vector over the classes of a data set, in the order of `Dataset.classes`. One scalar, so that a page of samples costs one value each, not C. */
export const DistributionScalar = new GraphQLScalarType<number[], number[]>({
  name: 'Distribution',
  description: 'Numbers over the classes of a data set, in the order of `Dataset.classes`: `[C]`, each in [0, 1], summing to 1. JSON: an array of numbers.',
  serialize: (value) => (Array.isArray(value) ? value : Array.from(value as ArrayLike<number>)),
  parseValue: outputOnly('Distribution'),
  parseLiteral: (node: ValueNode) => outputOnly(node.kind === Kind.LIST ? 'Distribution' : node.kind)(),
});

/** Rows of numbers, e.g. a confusion matrix. */
export const MatrixScalar = new GraphQLScalarType<number[][], number[][]>({
  name: 'Matrix',
  description: 'Rows of numbers: `[rows][columns]`. JSON: an array of arrays of numbers; `null` where a number is undefined.',
  serialize: (value) => value as number[][],
  parseValue: outputOnly('Matrix'),
  parseLiteral: () => outputOnly('Matrix')(),
});
