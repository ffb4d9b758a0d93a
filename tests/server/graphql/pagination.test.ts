import 'reflect-metadata';
import { graphql, type GraphQLObjectType } from 'graphql';
import { Arg, buildSchema, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../server/src/errors.js';
import {
  checkFirst,
  Connection,
  decodeCursor,
  encodeCursor,
  type Page,
  pageOf,
} from '../../../server/src/graphql/pagination.js';

@ObjectType({ description: 'A thing in a list.' })
class Thing {
  @Field(() => Int)
  number!: number;
}

const ThingConnection = Connection(Thing);
const things = [1, 2, 3, 4, 5].map((number) => ({ number }));
let counts = 0;

@Resolver()
class ThingResolver {
  @Query(() => ThingConnection)
  things(
    @Arg('first', () => Int) first: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
  ): Page<Thing> {
    checkFirst(first);
    const [behind = 0] = (decodeCursor('numbers', after, ['integer']) ?? []) as number[];
    const rows = things.filter((thing) => thing.number > behind).slice(0, first + 1);
    return pageOf(
      'numbers',
      rows,
      { first, after },
      (thing) => [thing.number],
      async () => {
        counts++;
        return things.length;
      },
    );
  }
}

const schema = await buildSchema({ resolvers: [ThingResolver], validate: false });

interface Answer {
  things: {
    edges: { cursor: string; node: { number: number } }[];
    nodes: { number: number }[];
    pageInfo: Record<string, unknown>;
    totalCount?: number;
  };
}
async function ask(
  first: number,
  after?: string,
  fields = 'edges { cursor node { number } } nodes { number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount',
) {
  const result = await graphql({
    schema,
    source: `query ($first: Int!, $after: String) { things(first: $first, after: $after) { ${fields} } }`,
    variableValues: { first, after },
  });
  if (result.errors) throw result.errors[0]!.originalError;
  return (result.data as unknown as Answer).things;
}

describe('a connection', () => {
  it('names its types after the node, with the fields of Relay plus nodes and totalCount', () => {
    const fieldsOf = (type: string) =>
      Object.fromEntries(
        Object.values((schema.getType(type) as GraphQLObjectType).getFields()).map((field) => [
          field.name,
          String(field.type),
        ]),
      );
    expect(fieldsOf('ThingConnection')).toEqual({
      edges: '[ThingEdge!]!',
      nodes: '[Thing!]!',
      pageInfo: 'PageInfo!',
      totalCount: 'Int!',
    });
    expect(fieldsOf('ThingEdge')).toEqual({ cursor: 'String!', node: 'Thing!' });
    expect(fieldsOf('PageInfo')).toEqual({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'String',
      endCursor: 'String',
    });
  });

  it('visits every node once when each page starts after the last cursor', async () => {
    const seen: number[] = [];
    let after: string | undefined;
    const flags: unknown[] = [];
    do {
      const page = await ask(2, after);
      seen.push(...page.nodes.map((node) => node.number));
      flags.push([page.pageInfo.hasPreviousPage, page.pageInfo.hasNextPage]);
      expect(page.totalCount).toBe(5);
      expect(page.edges.at(-1)!.cursor).toBe(page.pageInfo.endCursor);
      expect(page.edges[0]!.cursor).toBe(page.pageInfo.startCursor);
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor as string) : undefined;
    } while (after);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(flags).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ]);
  });

  it('has null cursors and the whole count on an empty page', async () => {
    const page = await ask(2, encodeCursor('numbers', [5]));
    expect(page.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null });
    expect(page.totalCount).toBe(5);
  });

  it('counts only when the total is asked for', async () => {
    counts = 0;
    await ask(2, undefined, 'nodes { number }');
    expect(counts).toBe(0);
    await ask(2, undefined, 'totalCount again: totalCount');
    expect(counts).toBe(1);
  });
});

describe('arguments of a page', () => {
  it.each([0, -1, 1001, 2.5, Number.NaN])('refuse first = %s and name the argument', (first) => {
    const error = thrownBy(() => checkFirst(first, 'samples.first'));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { path: 'samples.first' } });
  });

  it('accept 1 and 1000', () => {
    expect([checkFirst(1), checkFirst(1000)]).toEqual([1, 1000]);
  });
});

describe('a cursor', () => {
  it('brings back the key it was made of', () => {
    const key = [0.1, null, 'fer00 ä', 12] as const;
    expect(decodeCursor('numbers', encodeCursor('numbers', key), ['number', 'text?', 'text', 'integer'])).toEqual(key);
    expect(encodeCursor('numbers', key)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it.each([
    ['text that is not base64url', 'not a cursor!'],
    ['base64url that is not JSON', Buffer.from('[1').toString('base64url')],
    ['JSON that is not a list', Buffer.from('{"length":1}').toString('base64url')],
    ['a key of another length', encodeCursor('numbers', [1, 2])],
    ['a key of another type', encodeCursor('numbers', ['1'])],
    ['a number beyond PostgreSQL integers', encodeCursor('numbers', [2 ** 31])],
    ['a fraction where a row number belongs', encodeCursor('numbers', [1.5])],
    ['a cursor of another list', encodeCursor('letters', [1])],
    ['empty', ''],
  ])('is refused when it is %s', (_, cursor) => {
    expect(thrownBy(() => decodeCursor('numbers', cursor, ['integer']))).toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'after', found: cursor },
    });
  });

  it('is refused when its text would make PostgreSQL fail', () => {
    expect(thrownBy(() => decodeCursor('numbers', encodeCursor('numbers', ['a\u0000']), ['text']))).toBeInstanceOf(
      InvalidInputError,
    );
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error, none was thrown');
}
