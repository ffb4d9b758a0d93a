import { Field, Float, ObjectType } from 'type-graphql';
import { InvalidInputError } from '../../errors.js';
import { SampleAnalysis } from './sample-analysis.js';

const mostNeighbours = 100;

@ObjectType({ description: 'A sample that a run sees much as another one.' })
export class Neighbour {
  @Field(() => Float, {
    description:
      "Hellinger's distance of the two target distributions: sqrt(sum (sqrt u - sqrt v)^2 / 2), in [0, 1]; 0 where they are the same.",
  })
  distance: number;

  @Field(() => SampleAnalysis, { description: 'The neighbour, as the same run sees it after the same epoch.' })
  analysis: SampleAnalysis;

  constructor(distance: number, analysis: SampleAnalysis) {
    this.distance = distance;
    this.analysis = analysis;
  }
}

/** @throws InvalidInputError unless 1 <= `first` <= `mostNeighbours`. */
export function checkNeighbours(first: number): void {
  if (!Number.isInteger(first) || first < 1 || first > mostNeighbours)
    throw new InvalidInputError('first', `an integer from 1 to ${mostNeighbours}`, first);
}
