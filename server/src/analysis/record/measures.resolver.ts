import {
  Arg,
  Field,
  FieldResolver,
  Float,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { InvalidInputError } from '../../errors.js';
import { allMeasures, mayBeUnknown, Measure, measures } from './measure.js';
import type { MeasureNeed } from './measure-row.js';

export enum MeasureEnd {
  LOW = 'LOW',
  HIGH = 'HIGH',
}
registerEnumType(MeasureEnd, {
  name: 'MeasureEnd',
  description: 'An end of the range of a measure.',
  valuesConfig: { LOW: { description: 'The lowest values.' }, HIGH: { description: 'The highest values.' } },
});

const needs = {
  VOTES: 'Votes of people for the classes.',
  CLEAN_LABEL: 'The correct label.',
  TRUE_DISTRIBUTION: '`Sample.trueDistribution`.',
  HISTORY: 'Every epoch up to the one asked about.',
  RECORDED_LOSS: 'Losses that a run recorded elsewhere gave of its samples.',
} as const satisfies Record<MeasureNeed, string>;
const Need = Object.fromEntries(Object.keys(needs).map((name) => [name, name])) as Record<MeasureNeed, MeasureNeed>;
registerEnumType(Need, {
  name: 'MeasureNeed',
  description: 'What a measure needs beyond what a run records of every sample after an epoch.',
  valuesConfig: Object.fromEntries(Object.entries(needs).map(([name, description]) => [name, { description }])),
});

@ObjectType({ description: 'All there is to say of a measure of a sample.' })
export class MeasureDescription {
  @Field(() => Measure, { description: 'As arguments name it.' })
  name!: Measure;

  @Field(() => String, { description: 'As a page calls it.' })
  title!: string;

  @Field(() => String, { description: 'Of at most eleven letters: on cards, axes and heads of narrow columns.' })
  short!: string;

  @Field(() => String, { description: 'What it is, in a sentence or two.' })
  sentence!: string;

  @Field(() => String, { nullable: true, description: 'nats, logits or events; null for a share.' })
  unit!: string | null;

  @Field(() => String, { description: 'In words, with C the number of classes: `[0, log C]`.' })
  range!: string;

  @Field(() => MeasureEnd, {
    nullable: true,
    description: 'The end at which labels are likely wrong or samples hard to tell; null where neither is.',
  })
  suspiciousEnd!: MeasureEnd | null;

  @Field(() => [Need], { description: 'Empty where every sample of every run has the measure.' })
  needs!: MeasureNeed[];

  @Field(() => Boolean, { description: 'Whether a sample may lack it: the value is then null.' })
  nullable!: boolean;
}

const classesArgument = { description: 'C, the number of classes.' } as const;

@Resolver(() => MeasureDescription)
export class MeasuresResolver {
  @Query(() => [MeasureDescription], {
    description: 'Every measure of a sample, in the order in which pages offer them: what `Measure` can be.',
  })
  measures(): MeasureDescription[] {
    return allMeasures.map((name) => {
      const { title, short, sentence, unit, rangeText, suspiciousEnd, needs: needed } = measures[name];
      return Object.assign(new MeasureDescription(), {
        name,
        title,
        short,
        sentence,
        unit,
        range: rangeText,
        suspiciousEnd,
        needs: [...needed],
        nullable: mayBeUnknown(name),
      });
    });
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Lowest value possible; null without a bound.' })
  lowest(
    @Root() { name }: MeasureDescription,
    @Arg('classes', () => Int, classesArgument) classes: number,
  ): number | null {
    return measures[name].range(checkClasses(classes))[0];
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Highest value possible; null without a bound.' })
  highest(
    @Root() { name }: MeasureDescription,
    @Arg('classes', () => Int, classesArgument) classes: number,
  ): number | null {
    return measures[name].range(checkClasses(classes))[1];
  }
}

function checkClasses(classes: number): number {
  if (classes < 1) throw new InvalidInputError('classes', 'a number of classes from 1 on', classes);
  return classes;
}
