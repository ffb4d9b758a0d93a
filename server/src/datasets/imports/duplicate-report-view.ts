import { Arg, Field, Int, ObjectType } from 'type-graphql';
import { checkFirst } from '../../graphql/pagination.js';
import type { DuplicateReport } from './import-report.js';
import { Split } from '../../split.js';

@ObjectType({ description: 'Pictures that stand in both of two splits: a score on the second says too much.' })
export class Leakage {
  @Field(() => Split, { description: 'The earlier of the two, in the order TRAIN, VALIDATION, TEST.' })
  from!: Split;

  @Field(() => Split, { description: 'The later.' })
  to!: Split;

  @Field(() => Int, { description: 'Different pictures in both.' })
  pictures!: number;

  @Field(() => Int, { description: 'Samples of `from` that show them.' })
  fromSamples!: number;

  @Field(() => Int, { description: 'Samples of `to` that show them.' })
  toSamples!: number;
}

@ObjectType({ description: 'One of several samples with equal pixels.' })
export class EqualSample {
  @Field(() => String, { description: 'Its name in the source, `Sample.key`.' })
  key!: string;

  @Field(() => Split, { description: 'Where it stands.' })
  split!: Split;

  @Field(() => String, { description: 'The label it came with.' })
  givenLabel!: string;
}

@ObjectType({ description: 'A picture that stands more than once.' })
export class EqualPicture {
  @Field(() => [EqualSample], { description: 'Its samples, at most twelve.' })
  samples!: EqualSample[];
}

/** The public face of a `DuplicateReport`. */
@ObjectType('DuplicateReport', { description: 'Samples whose pixels are equal, however their files are written.' })
export class DuplicateReportView {
  constructor(
    private readonly report: DuplicateReport,
    private readonly classes: readonly string[],
  ) {}

  @Field(() => Int, { description: 'Pictures that stand more than once.' })
  get pictures(): number {
    return this.report.pictures;
  }

  @Field(() => Int, { description: 'Samples that show them.' })
  get samples(): number {
    return this.report.samples;
  }

  @Field(() => Int, { description: 'Pictures whose samples bear different given labels.' })
  get differentLabels(): number {
    return this.report.differentLabels;
  }

  @Field(() => [Leakage], { description: 'Pairs of splits that share pictures; empty where there are none.' })
  get leakage(): Leakage[] {
    return this.report.leakage.map(({ between: [from, to], pictures, samples: [fromSamples, toSamples] }) => ({
      from,
      to,
      pictures,
      fromSamples,
      toSamples,
    }));
  }

  @Field(() => [EqualPicture], {
    description: 'The first of these pictures, at most a hundred are kept, those in several splits first.',
  })
  examples(@Arg('first', () => Int, { defaultValue: 10, description: '1 to 1000.' }) first: number): EqualPicture[] {
    return this.report.examples.slice(0, checkFirst(first)).map(({ samples }) => ({
      samples: samples.map(({ key, split, givenLabelIndex }) => ({
        key,
        split,
        givenLabel: this.classes[givenLabelIndex] ?? '',
      })),
    }));
  }
}
