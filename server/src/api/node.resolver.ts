import { Arg, ID, Query, Resolver } from 'type-graphql';
import { InvalidInputError } from '../errors.js';
import { parseGlobalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';
import type { NodeLoaders } from '../graphql/room-resolvers.js';

@Resolver(() => Node)
export class NodeResolver {
  constructor(private readonly loaders: NodeLoaders) {}

  @Query(() => Node, { nullable: true, description: 'Any object by its id; null where there is none with this id.' })
  async node(@Arg('id', () => ID) id: string): Promise<Node | null> {
    const parsed = parseGlobalId(id);
    const load = parsed && Object.hasOwn(this.loaders, parsed.kind) ? this.loaders[parsed.kind] : undefined;
    if (!parsed || !load)
      throw new InvalidInputError(
        'id',
        `a kind (${Object.keys(this.loaders).join(', ')}), an underscore and a number, like sample_1`,
        id,
      );
    return load(parsed.row);
  }
}
