import DataLoader from 'dataloader';
import { Arg, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Sample } from '../../datasets/sample.entity.js';
import type { SampleService } from '../../datasets/sample.service.js';
import { checkFirst } from '../../graphql/pagination.js';
import { LabelSet } from '../../labels/label-set.entity.js';
import { AnnotatedMatching, AnnotateMatchingInput } from './annotate-matching.js';
import { RunNoiseInput } from './run-noise.js';
import { AcceptedSuggestions, AcceptSuggestionsInput, LabelSuggestion } from './suggestion-types.js';
import type { SuggestionService } from './suggestion.service.js';
import { Requires, Role } from '../../graphql/role.js';

@Resolver(() => AcceptedSuggestions)
export class SuggestionResolver {
  constructor(private readonly service: SuggestionService) {}

  @Requires(Role.LABELLER)
  @Mutation(() => AcceptedSuggestions, {
    description:
      "Records a run's most probable suggestions as decisions on labels, all at once. Samples that a person has decided on stay as decided. Make a label set of them with `makeLabelSet`, and train on it.",
  })
  acceptSuggestions(
    @Arg('input', () => AcceptSuggestionsInput) input: AcceptSuggestionsInput,
  ): Promise<AcceptedSuggestions> {
    return this.service.accept(input);
  }

  @Requires(Role.LABELLER)
  @Mutation(() => AnnotatedMatching, {
    description:
      'Records one decision on every sample of a run that meets a filter: all of them, or none. Label sets stay as they are, as with `relabelSample`.',
  })
  annotateMatching(
    @Arg('input', () => AnnotateMatchingInput) input: AnnotateMatchingInput,
  ): Promise<AnnotatedMatching> {
    return this.service.annotateMatching(input);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => LabelSet, {
    description:
      'Makes a label set in which the training labels that a run finds most ambiguous are flipped to the second class it sees.',
  })
  injectRunNoise(@Arg('input', () => RunNoiseInput) input: RunNoiseInput): Promise<LabelSet> {
    return this.service.injectNoise(input);
  }

  @FieldResolver(() => [LabelSuggestion], { name: 'suggestions', description: 'The most probable first.' })
  list(
    @Root() accepted: AcceptedSuggestions,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 1000.' }) first: number,
  ): LabelSuggestion[] {
    return accepted.suggestions.slice(0, checkFirst(first));
  }
}

@Resolver(() => LabelSuggestion)
export class SuggestedSampleResolver {
  private readonly byRow: DataLoader<number, Sample>;

  constructor(samples: SampleService) {
    this.byRow = new DataLoader((rows) => samples.byRows(rows), { cache: false });
  }

  @FieldResolver(() => Sample, { description: 'The sample.' })
  sample(@Root() { sampleRow }: LabelSuggestion): Promise<Sample> {
    return this.byRow.load(sampleRow);
  }
}
