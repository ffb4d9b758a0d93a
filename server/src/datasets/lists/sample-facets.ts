import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Split } from '../../split.js';

@ObjectType({ description: 'Samples of a data set by split.' })
export class SamplesOfSplit {
  @Field(() => Split, { description: 'The split.' })
  split!: Split;

  @Field(() => Int, { description: 'Samples of it.' })
  samples!: number;
}

@ObjectType({ description: 'Counts over equal bins.' })
export class EqualBins {
  @Field(() => [Int], { description: 'Samples of each bin, the lowest first.' })
  counts!: number[];

  @Field(() => Float, { description: 'Lower end of the first bin.' })
  minimum!: number;

  @Field(() => Float, { description: 'Upper end of the last bin, which belongs to it.' })
  maximum!: number;

  @Field(() => Int, { description: 'Samples without a value.' })
  unknown!: number;
}

/** Counts of the samples that meet a filter; each is read when it is asked for. */
@ObjectType({ description: 'Counts of the samples of a data set that meet a filter; no run has a say in them.' })
export class SampleFacets {
  ask!: {
    splits: () => Promise<SamplesOfSplit[]>;
    givenLabels: () => Promise<number[]>;
    votesEntropy: (bins: number) => Promise<EqualBins>;
  };

  @Field(() => Int, { description: 'Samples that meet the filter.' })
  async total(): Promise<number> {
    return (await this.ask.splits()).reduce((sum, { samples }) => sum + samples, 0);
  }

  @Field(() => [SamplesOfSplit], { description: 'Splits with such samples, TRAIN before VALIDATION before TEST.' })
  splits(): Promise<SamplesOfSplit[]> {
    return this.ask.splits();
  }

  @Field(() => [Int], { description: 'Samples by given label, `[C]`.' })
  givenLabels(): Promise<number[]> {
    return this.ask.givenLabels();
  }
}
