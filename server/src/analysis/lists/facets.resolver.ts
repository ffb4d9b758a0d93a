import { Arg, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import { MatrixScalar } from '../../graphql/scalars.js';
import { AnalysisFacets, ClassCount, MeasureHistogram } from './analysis-facets.js';
import { Measure } from '../record/measure.js';
import { Opinion } from '../record/vocabulary.js';

@Resolver(() => AnalysisFacets)
export class FacetsResolver {
  @FieldResolver(() => [ClassCount], {
    description:
      'Samples by class, in the order of `Dataset.classes`; last, with class null, those on which there is no opinion, where there are any.',
  })
  classes(
    @Root() facets: AnalysisFacets,
    @Arg('opinion', () => Opinion, { defaultValue: Opinion.GIVEN, description: 'Who says which class.' })
    opinion: Opinion,
  ): Promise<ClassCount[]> {
    return facets.count.classes(opinion);
  }

  @FieldResolver(() => MatrixScalar, { description: 'Confusion counts of these samples, [row][column].' })
  confusion(
    @Root() facets: AnalysisFacets,
    @Arg('rows', () => Opinion, { defaultValue: Opinion.GIVEN, description: 'Who decides the row.' }) rows: Opinion,
    @Arg('columns', () => Opinion, { defaultValue: Opinion.TARGET, description: 'Who decides the column.' })
    columns: Opinion,
  ): Promise<number[][]> {
    return facets.count.confusion(rows, columns);
  }

  @FieldResolver(() => MeasureHistogram, { description: 'How a measure spreads over these samples.' })
  histogram(
    @Root() facets: AnalysisFacets,
    @Arg('measure', () => Measure, { description: 'What to count.' }) measure: Measure,
    @Arg('bins', () => Int, { defaultValue: 20, description: '1 to 200 equal bins.' }) bins: number,
    @Arg('minimum', () => Float, { nullable: true, description: 'Lower end of the bins; default: the lowest value.' })
    minimum: number | null,
    @Arg('maximum', () => Float, { nullable: true, description: 'Upper end of the bins; default: the highest value.' })
    maximum: number | null,
  ): Promise<MeasureHistogram> {
    return facets.count.histogram({ measure, bins, minimum: minimum ?? null, maximum: maximum ?? null });
  }
}
