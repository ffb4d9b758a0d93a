import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { InvalidInputError } from '../../errors.js';
import { DistributionScalar } from '../../graphql/scalars.js';

@ObjectType({ description: 'A class whose class distribution is given instead of mined.' })
export class GivenDistribution {
  @Field(() => String, { description: 'One of `Dataset.classes`.' })
  class!: string;

  @Field(() => Int, { description: 'Its place in `Dataset.classes`, from 0.' })
  index!: number;

  @Field(() => DistributionScalar, { description: 'L[y], the row as it is given.' })
  distribution!: number[];
}

@InputType({ description: 'A class distribution that is given instead of mined.' })
export class GivenDistributionInput {
  @Field(() => String, { description: 'One of `Dataset.classes`.' })
  class!: string;

  @Field(() => [Float], { description: 'A number in [0, 1] for each of `Dataset.classes`, of sum 1 within 0.001.' })
  distribution!: number[];
}

const tolerance = 1e-3;

/** Rows by class, scaled to a sum of exactly 1, and every input that is wrong. @param path of the list */
export function readGivenDistributions(
  given: readonly GivenDistributionInput[],
  classes: readonly string[],
  path: string,
): { rows: GivenDistribution[]; problems: InvalidInputError[] } {
  const problems: InvalidInputError[] = [];
  const rows = given.map(({ class: name, distribution }, place) => {
    const index = classes.indexOf(name);
    const sum = distribution.reduce((total, value) => total + value, 0);
    if (index < 0 || given.findIndex((other) => other.class === name) !== place)
      problems.push(new InvalidInputError(`${path}.${place}.class`, `a class, once: ${classes.join(', ')}`, name));
    if (
      distribution.length !== classes.length ||
      !distribution.every((value) => value >= 0 && value <= 1) ||
      !(Math.abs(sum - 1) <= tolerance)
    )
      problems.push(
        new InvalidInputError(
          `${path}.${place}.distribution`,
          `${classes.length} numbers in [0, 1] of sum 1`,
          distribution,
        ),
      );
    return { class: name, index, distribution: distribution.map((value) => value / sum) };
  });
  return { rows, problems };
}
