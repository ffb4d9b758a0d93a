import { Arg, ID, Mutation, Query, Resolver } from 'type-graphql';
import { SavedView } from './saved-view.entity.js';
import type { SavedViewService } from './saved-view.service.js';
import { Requires, Role } from '../../graphql/role.js';

@Resolver(() => SavedView)
export class SavedViewResolver {
  constructor(private readonly views: SavedViewService) {}

  @Query(() => [SavedView], { description: 'Views that have a name, in alphabetical order.' })
  savedViews(): Promise<SavedView[]> {
    return this.views.all();
  }

  @Requires(Role.LABELLER)
  @Mutation(() => SavedView, {
    description: 'Gives a view of the dashboard a name. Under a name that is taken the address is replaced.',
  })
  saveView(
    @Arg('name', () => String, { description: '1 to 100 characters.' }) name: string,
    @Arg('path', () => String, { description: 'Begins with one `/`; at most 4000 characters.' }) path: string,
  ): Promise<SavedView> {
    return this.views.save(name, path);
  }

  @Requires(Role.LABELLER)
  @Mutation(() => SavedView, { description: 'Takes the name away and returns the view as it was.' })
  deleteView(@Arg('view', () => ID, { description: 'Like `view_1`.' }) view: string): Promise<SavedView> {
    return this.views.delete(view);
  }
}
