import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Split } from '../../split.js';
import { Measure } from '../record/measure.js';
import type { Opinion } from '../record/vocabulary.js';

@ObjectType({ description: 'Samples of a split that meet a filter.' })
export class SplitCount {
  @Field(() => Split, { description: 'The split.' })
  split!: Split;

  @Field(() => Int, { description: 'Samples of it.' })
  samples!: number;

  @Field(() => Int, { description: 'Of these, samples whose prediction is the given label.' })
  correct!: number;
}

@ObjectType({ description: 'Samples of a class that meet a filter.' })
export class ClassCount {
  @Field(() => String, {
    nullable: true,
    description: 'A name of `Dataset.classes`; null counts the samples on which there is no opinion.',
  })
  class!: string | null;

  @Field(() => Int, { description: 'Samples that the opinion gives this class.' })
  samples!: number;

  @Field(() => Int, { description: 'Of these, samples whose prediction is the given label.' })
  correct!: number;
}

@ObjectType({ description: 'Samples with a value in [lower, upper), in the last bin [lower, upper].' })
export class HistogramBin {
  @Field(() => Float, { description: 'In the unit of the measure.' })
  lower!: number;

  @Field(() => Float, { description: 'In the unit of the measure.' })
  upper!: number;

  @Field(() => Int, { description: 'Samples in the bin.' })
  samples!: number;
}

@ObjectType({ description: 'How a measure spreads over the samples that meet a filter.' })
export class MeasureHistogram {
  @Field(() => Measure, { description: 'What was counted.' })
  measure!: Measure;

  @Field(() => [HistogramBin], {
    description: 'Equal bins from `minimum` to `maximum`, lowest first; none where no sample has a value.',
  })
  bins!: HistogramBin[];

  @Field(() => Float, { nullable: true, description: 'Lowest value found; null without any.' })
  lowest!: number | null;

  @Field(() => Float, { nullable: true, description: 'Highest value found.' })
  highest!: number | null;

  @Field(() => Float, { nullable: true, description: 'Arithmetic mean of the values found.' })
  mean!: number | null;

  @Field(() => Int, { description: 'Samples without a value, e.g. without votes.' })
  unknown!: number;

  @Field(() => Int, { description: 'Samples with a value outside the bins, where these were given ends.' })
  outside!: number;
}

export interface HistogramQuestion {
  measure: Measure;
  bins: number;
  minimum: number | null;
  maximum: number | null;
}

/** Counts of the samples that meet a filter; each is read when it is asked for. */
@ObjectType({ description: 'Counts of the samples that meet a filter, without a row of them.' })
export class AnalysisFacets {
  @Field(() => Int, { nullable: true, description: 'The epoch counted; null before the first.' })
  epoch!: number | null;

  /** Where they come from. */
  count!: FacetCounter;

  @Field(() => [SplitCount], { description: 'Splits with such samples, TRAIN before VALIDATION before TEST.' })
  splits(): Promise<SplitCount[]> {
    return this.count.splits();
  }

  @Field(() => Int, { description: 'Samples that meet the filter.' })
  async total(): Promise<number> {
    return (await this.count.splits()).reduce((sum, { samples }) => sum + samples, 0);
  }

  @Field(() => Int, { description: 'Of these, samples whose prediction is the given label.' })
  async correct(): Promise<number> {
    return (await this.count.splits()).reduce((sum, { correct }) => sum + correct, 0);
  }
}

export interface FacetCounter {
  splits(): Promise<SplitCount[]>;
  classes(opinion: Opinion): Promise<ClassCount[]>;
  confusion(rows: Opinion, columns: Opinion): Promise<number[][]>;
  histogram(question: HistogramQuestion): Promise<MeasureHistogram>;
}
