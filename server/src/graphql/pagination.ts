import { Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { InvalidInputError } from '../errors.js';

/** Most nodes one page may hold. */
export const largestPage = 1000;

/** Values of the columns a page is sorted by, the last one unique: where in the order a node stands. */
export type CursorKey = readonly (string | number | boolean | null)[];

/** What `decodeCursor` expects at each place of a key; `number?` and `text?` also accept null. */
export type CursorShape = readonly ('integer' | 'number' | 'number?' | 'text' | 'text?')[];

export interface PageArguments {
  first: number;
  after?: string | null;
  /** Place of the first node, from 0: any part of a list at once, at the price of passing over what lies before. */
  from?: number | null;
}

@ObjectType({ description: 'Where a page stands in the whole list (Relay).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether nodes follow `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether nodes precede `startCursor`: true on every page asked for by `after`.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` to get the next page. Null on an empty page.',
  })
  endCursor!: string | null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

/** What a connection field resolves to. The total is counted when it is asked for, at most once. */
export class Page<T> {
  private counted: Promise<number> | undefined;

  constructor(
    readonly edges: Edge<T>[],
    readonly pageInfo: PageInfo,
    private readonly count: () => Promise<number>,
  ) {}

  get nodes(): T[] {
    return this.edges.map((edge) => edge.node);
  }

  get totalCount(): Promise<number> {
    return (this.counted ??= this.count());
  }
}

/**
 * The Relay connection type of a node type: `XConnection` and `XEdge` in the schema. Call it once for each node type,
 * next to its resolver, and
 * return a `Page` of nodes from the field: `@FieldResolver(() => SampleConnection) samples(): Promise<Page<Sample>>`.
 */
export function Connection<T extends object>(
  NodeClass: ClassType<T>,
  name: string = NodeClass.name,
): ClassType<Page<T>> {
  @ObjectType(`${name}Edge`, { description: `A node of a list of ${name} and its place there.` })
  class EdgeType implements Edge<T> {
    @Field(() => String, { description: 'Opaque; pass it as `after`.' })
    cursor!: string;

    @Field(() => NodeClass, { description: 'What stands at this place.' })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'Nodes with their cursors, in order.' })
    edges!: Edge<T>[];

    @Field(() => [NodeClass], { description: 'The nodes of `edges`.' })
    nodes!: T[];

    @Field(() => PageInfo, { description: 'Where this page stands.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'Nodes on all pages, counted now.' })
    totalCount!: Promise<number>;
  }
  return ConnectionType as unknown as ClassType<Page<T>>;
}

/** The name of a list, which its cursors carry, e.g. `samples of dataset_1`. */
export type ListName = string;

/**
 * `rows` are the nodes after the cursor, in order, one more than `first` where there are more; `key` gives a node's
 * place.
 * `count` counts the whole list, whatever the cursor.
 */
export function pageOf<T>(
  list: ListName,
  rows: readonly T[],
  { first, after, from }: PageArguments,
  key: (node: T) => CursorKey,
  count: () => Promise<number>,
): Page<T> {
  const edges = rows.slice(0, first).map((node) => ({ cursor: encodeCursor(list, key(node)), node }));
  const pageInfo: PageInfo = {
    hasNextPage: rows.length > first,
    hasPreviousPage: (after !== null && after !== undefined) || (from ?? 0) > 0,
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return new Page(edges, pageInfo, count);
}

/** The page of a list without a node. */
export function emptyPage<T>(page: PageArguments): Page<T> {
  return pageOf<T>(
    '',
    [],
    page,
    () => [],
    async () => 0,
  );
}

/** @throws InvalidInputError unless 1 <= `first` <= `largestPage`. */
export function checkFirst(first: number, path = 'first'): number {
  if (!Number.isInteger(first) || first < 1 || first > largestPage)
    throw new InvalidInputError(path, `an integer from 1 to ${largestPage}`, first);
  return first;
}

/** How many nodes to pass over. @throws InvalidInputError for a place that cannot be, and beside a cursor. */
export function checkFrom({ from, after }: PageArguments): number {
  if (from === null || from === undefined) return 0;
  if (!Number.isInteger(from) || from < 0) throw new InvalidInputError('from', 'an integer of at least 0', from);
  if (after !== null && after !== undefined) throw new InvalidInputError('from', 'either `from` or `after`', from);
  return from;
}

export function encodeCursor(list: ListName, key: CursorKey): string {
  return Buffer.from(JSON.stringify([list, ...key]), 'utf8').toString('base64url');
}

/**
 * The key of a cursor made by `encodeCursor` for the same list; null where none is given. @throws InvalidInputError when
 * the text is no cursor (an empty one neither), came from another list, or its key has another shape.
 */
export function decodeCursor(
  list: ListName,
  cursor: string | null | undefined,
  shape: CursorShape,
  path = 'after',
): CursorKey | null {
  if (cursor === null || cursor === undefined) return null;
  const [name, ...key] = parseKey(cursor) ?? [];
  if (name !== list || key.length !== shape.length || !shape.every((kind, place) => fits(key[place], kind))) {
    throw new InvalidInputError(path, 'a cursor that this list returned, in the same order', cursor);
  }
  return key as CursorKey;
}

function parseKey(cursor: string): unknown[] | null {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(key) ? key : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function fits(value: unknown, kind: CursorShape[number]): boolean {
  switch (kind) {
    case 'integer':
      return Number.isInteger(value) && Math.abs(value as number) <= 2147483647;
    case 'number':
      return Number.isFinite(value);
    case 'number?':
      return value === null || Number.isFinite(value);
    case 'text':
      return isText(value);
    case 'text?':
      return value === null || isText(value);
  }
}

/** PostgreSQL refuses U+0000 in text. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\u0000');
}
