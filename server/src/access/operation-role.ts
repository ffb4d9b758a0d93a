import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { PlatformError } from '../errors.js';
import { isAtLeast, Role } from '../graphql/role.js';
import type { Principal } from './principal.js';

export interface AskedOperation {
  document: DocumentNode;
  operationName?: string | null | undefined;
}

/** Somebody who is known may not do that. */
export class ForbiddenError extends PlatformError {
  constructor(what: string, needed: Role | null, { name, role }: Principal) {
    const expected = needed === null ? 'nobody may ask for it' : `expected the role ${needed}`;
    super('FORBIDDEN', `${what}: ${expected}, found ${role} ("${name}").`, {
      field: what,
      expected: needed,
      found: role,
    });
  }
}

/**
 * Whether somebody may run an operation: its root fields are walked once, before it runs, and nothing is asked of the fields below. Roles stand beside
 * the root fields (`Requires`). @throws ForbiddenError
 */
export function authorise(
  schema: GraphQLSchema,
  { document, operationName }: AskedOperation,
  principal: Principal,
): void {
  const operation = getOperationAST(document, operationName);
  const type = operation && schema.getRootType(operation.operation);
  if (!operation || !type) return;
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  for (const field of rootFields(operation.selectionSet, fragments, new Set())) {
    const needed = neededRole(type, operation.operation, field);
    if (needed === null || !isAtLeast(principal.role, needed)) throw new ForbiddenError(field, needed, principal);
  }
}

/** Null: nobody's. Introspection is for whoever may read. */
export function neededRole(type: GraphQLObjectType, kind: OperationTypeNode, field: string): Role | null {
  const declared = type.getFields()[field]?.extensions['role'] as Role | undefined;
  if (declared) return declared;
  return kind === OperationTypeNode.MUTATION && !field.startsWith('__') ? null : Role.READER;
}

export function isMutation({ document, operationName }: AskedOperation): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function* rootFields({ selections }: SelectionSetNode, fragments: Fragments, seen: Set<string>): Generator<string> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) yield selection.name.value;
    else if (selection.kind === Kind.INLINE_FRAGMENT) yield* rootFields(selection.selectionSet, fragments, seen);
    else if (!seen.has(selection.name.value)) {
      seen.add(selection.name.value);
      const fragment = fragments.get(selection.name.value);
      if (fragment) yield* rootFields(fragment.selectionSet, fragments, seen);
    }
  }
}
