import {
  defaultFieldResolver,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  GraphQLObjectType,
  type GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { requireFound } from '../../errors.js';
import type { Context } from '../context.js';
import type { IdempotencyStore } from './idempotency-store.js';

const description =
  'Chosen by the client, e.g. a UUID. A request repeated with the same key and arguments within a day is answered with what the first one made, and does nothing. CONFLICT where the key stood for other arguments.';

/**
 * Gives every mutation that answers with a Node the argument `idempotencyKey`, so that a client that got no answer can
 * ask again.
 * @param load finds a Node by its global id; null without services, where the schema is only printed.
 */
export function addIdempotency(
  schema: GraphQLSchema,
  store: IdempotencyStore | null,
  load: ((id: string) => Promise<unknown>) | null,
): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const type = getNullableType(field.type);
    if (!(type instanceof GraphQLObjectType) || !type.getInterfaces().some(({ name }) => name === 'Node')) continue;
    (field.args as GraphQLArgument[]).push(argument());
    if (store && load) guard(field, store, load);
  }
}

function argument(): GraphQLArgument {
  return {
    name: 'idempotencyKey',
    description,
    type: GraphQLString,
    defaultValue: undefined,
    deprecationReason: undefined,
    extensions: {},
    astNode: undefined,
  };
}

function guard(
  field: GraphQLField<unknown, unknown>,
  store: IdempotencyStore,
  load: (id: string) => Promise<unknown>,
): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = async (source, { idempotencyKey, ...args }: Record<string, unknown>, context, info) => {
    if (idempotencyKey === undefined || idempotencyKey === null) return resolve(source, args, context, info);
    const work = async (request: string): Promise<{ id: string }> =>
      (await resolve(source, args, { ...(context as Context), idempotentRequest: request }, info)) as { id: string };
    const repeatable = field.extensions['repeatable'] === true;
    const result = await store.once({ key: idempotencyKey as string, mutation: field.name, args, repeatable }, work);
    if (!('earlier' in result)) return result;
    const node = requireFound(await load(result.earlier), 'What the first request made,', result.earlier);
    return node;
  };
}
