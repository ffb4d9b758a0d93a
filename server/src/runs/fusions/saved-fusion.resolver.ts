import { Arg, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { Dataset } from '../../datasets/dataset.entity.js';
import { Requires, Role } from '../../graphql/role.js';
import { SavedFusion } from './saved-fusion.entity.js';
import type { SavedFusionService } from './saved-fusion.service.js';

@Resolver(() => Dataset)
export class SavedFusionResolver {
  constructor(private readonly fusions: SavedFusionService) {}

  @FieldResolver(() => [SavedFusion], { description: 'Fusion settings that were saved, in alphabetical order.' })
  savedFusions(@Root() dataset: Dataset): Promise<SavedFusion[]> {
    return this.fusions.ofDataset(dataset.row);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => SavedFusion, { description: 'Forgets a saved fusion; runs that started from it stay as they are.' })
  deleteFusion(@Arg('fusion', () => ID, { description: 'Like `fusion_1`.' }) fusion: string): Promise<SavedFusion> {
    return this.fusions.delete(fusion);
  }
}
