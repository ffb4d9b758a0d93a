import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DistributionScalar, MatrixScalar } from '../../graphql/scalars.js';
import { Estimate } from '../validity/validity-types.js';

@ObjectType({ description: 'How far raters agree on one class against all others.' })
export class ClassAgreement {
  @Field(() => String, { description: 'A name of `Dataset.classes`.' })
  class!: string;

  @Field(() => Estimate, { nullable: true, description: "Krippendorff's alpha; null where nobody chose it." })
  alpha!: Estimate | null;

  @Field(() => Estimate, {
    nullable: true,
    description: "Fleiss' kappa; null where samples differ in their number of ratings.",
  })
  fleissKappa!: Estimate | null;
}

@ObjectType({ description: 'How far two raters agree on the samples that both rated.' })
export class PairAgreement {
  @Field(() => String, { description: 'Name of the one.' })
  one!: string;

  @Field(() => String, { description: 'Name of the other.' })
  other!: string;

  @Field(() => Int, { description: 'Samples that both rated.' })
  samples!: number;

  @Field(() => Float, { nullable: true, description: 'Share of them on which both say the same.' })
  share!: number | null;

  @Field(() => Estimate, {
    nullable: true,
    description: "Cohen's kappa; null where chance alone agrees always.",
  })
  kappa!: Estimate | null;

  @Field(() => [Float], {
    nullable: 'items',
    description: "Cohen's kappa of each class against all others, in the order of `Dataset.classes`.",
  })
  kappaByClass!: (number | null)[];
}

@ObjectType({ description: 'What is to be thought of a rater.' })
export class RaterQuality {
  @Field(() => String, { description: '`Rater.name`, or how a labeller here calls themselves; empty: without a name.' })
  rater!: string;

  @Field(() => Boolean, { description: 'Whether the ratings are decisions made here (`Annotation`).' })
  labeller!: boolean;

  @Field(() => Int, { description: 'Ratings given.' })
  ratings!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the other ratings of the same samples that say the same; null where there are none.',
  })
  agreement!: number | null;

  @Field(() => Float, {
    description: 'Mean probability that the weighted consensus gives to what the rater said, in [0, 1].',
  })
  quality!: number;

  @Field(() => Float, { description: 'What a rating counts for in the weighted consensus; 0: no more than a guess.' })
  weight!: number;

  @Field(() => Float, {
    description:
      'How likely the rater is right by Dawid and Skene: the diagonal of `confusion` weighted by the classes.',
  })
  accuracy!: number;

  @Field(() => MatrixScalar, {
    description: 'By Dawid and Skene: [true class][class said], rows summing to 1.',
  })
  confusion!: number[][];
}

@ObjectType({ description: 'The estimate of A. P. Dawid and A. M. Skene (1979).' })
export class DawidSkeneFit {
  @Field(() => Int, { description: 'Of expectation and maximisation, from the shares of the ratings.' })
  iterations!: number;

  @Field(() => Boolean, { description: 'Whether no posterior moved by more than `tolerance` at the end.' })
  converged!: boolean;

  @Field(() => Float, { description: 'Added to each count before it is divided.' })
  smoothing!: number;

  @Field(() => Float, { description: 'See `converged`.' })
  tolerance!: number;

  @Field(() => DistributionScalar, { description: 'How frequent each class is, `[C]`.' })
  classes!: number[];
}

@ObjectType({ description: 'Something that cannot be said of these ratings.' })
export class NotToBeHad {
  @Field(() => String, { description: 'What: the name of a field here.' })
  field!: string;

  @Field(() => String, { description: 'Why, and what would help.' })
  why!: string;
}

@ObjectType({
  description:
    'How far people agree on the samples of a data set. Intervals: 95 %, by bootstrap over samples, seeded, 40 to 200 draws.',
})
export class RaterReport {
  @Field(() => Int, { description: 'Samples with a rating or vote.' })
  samples!: number;

  @Field(() => Int, { description: 'Votes and ratings over all of them.' })
  votes!: number;

  @Field(() => Estimate, {
    nullable: true,
    description:
      "Krippendorff's alpha for nominal data: 1 is agreement, 0 chance. Samples with one vote do not count. Null where none has two.",
  })
  alpha!: Estimate | null;

  @Field(() => Estimate, { nullable: true, description: "Fleiss' kappa; see `notToBeHad` where it is null." })
  fleissKappa!: Estimate | null;

  @Field(() => [ClassAgreement], { description: 'In the order of `Dataset.classes`.' })
  byClass!: ClassAgreement[];

  @Field(() => [PairAgreement], { description: 'Pairs with the most samples in common first; at most 300.' })
  pairs!: PairAgreement[];

  @Field(() => [RaterQuality], { description: 'Best first; empty where only counts are known.' })
  raters!: RaterQuality[];

  @Field(() => DawidSkeneFit, { nullable: true, description: 'Null where only counts are known.' })
  dawidSkene!: DawidSkeneFit | null;

  @Field(() => Float, {
    nullable: true,
    description: "What the run's prediction counts for in the consensus; null without a run.",
  })
  modelWeight!: number | null;

  @Field(() => [NotToBeHad], { description: 'What the ratings do not carry, each with its reason.' })
  notToBeHad!: NotToBeHad[];
}

@ObjectType({ description: 'A sample whose consensus is another class than its given label.' })
export class DisputedSample {
  sampleRow!: number;

  @Field(() => String, { description: '`Sample.givenLabel`.' })
  givenLabel!: string;

  @Field(() => String, { description: 'The highest class of the weighted consensus.' })
  consensus!: string;

  @Field(() => DistributionScalar, { description: 'Of raters and, where one is given, a run, `[C]`.' })
  probabilities!: number[];

  @Field(() => DistributionScalar, { description: 'By Dawid and Skene, `[C]`.' })
  dawidSkene!: number[];

  @Field(() => DistributionScalar, { description: 'Shares of the votes, `[C]`.' })
  votes!: number[];
}
