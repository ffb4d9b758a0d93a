import { Arg, Mutation, Query, Resolver } from 'type-graphql';
import { Requires, Role } from '../../graphql/role.js';
import { type Janitor, StoredPile } from './janitor.js';

@Resolver()
export class JanitorResolver {
  constructor(private readonly janitor: Janitor) {}

  @Query(() => [StoredPile], {
    description: 'What takes the room of the data directory and the database, as of at most a minute ago.',
  })
  storedPiles(): Promise<StoredPile[]> {
    return this.janitor.look();
  }

  @Requires(Role.ADMIN)
  @Mutation(() => [StoredPile], {
    description: 'Takes away now what goes every hour by itself: what is older or more than the settings keep.',
  })
  tidyUp(
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: 'Only say what would go.' }) dryRun: boolean,
  ): Promise<StoredPile[]> {
    return this.janitor.tidy(dryRun);
  }
}
