import type { DatasetServices } from '../datasets/resolvers.js';
import type { RoomResolvers } from '../graphql/room-resolvers.js';
import type { ColumnService } from './columns/column.service.js';
import { RunCalibrationsResolver } from './calibration/calibration-result.resolver.js';
import type { CalibrationService } from './calibration/calibration.service.js';
import { RunColumnsResolver } from './columns/columns.resolver.js';
import { RunComparisonResolver, RunResultsResolver, SampleChangeResolver } from './comparison/run-outcome.resolver.js';
import { RunDifferenceResolver } from './comparison/run-difference.resolver.js';
import type { RunDifferenceService } from './comparison/run-difference.service.js';
import type { RunOutcomeService } from './comparison/run-outcome.service.js';
import { CrossFitResultResolver, CrossFitSuspectResolver } from './cross-fits/cross-fit-result.resolver.js';
import type { CrossFitResultService } from './cross-fits/cross-fit-result.service.js';
import { RaterReportResolver, DisputedSampleResolver } from './raters/rater-report.resolver.js';
import type { RaterReportService } from './raters/rater-report.service.js';
import { FeatureNeighboursResolver, RunEmbeddingsResolver } from './embeddings/embedding.resolver.js';
import type { EmbeddingService } from './embeddings/embedding.service.js';
import { FacetsResolver } from './lists/facets.resolver.js';
import { MeasuresResolver } from './record/measures.resolver.js';
import type { ReportService } from './reports/report.service.js';
import { RunReportsResolver } from './reports/reports.resolver.js';
import { EpochMetricsResolver, RunAnalysesResolver, SampleAnalysisResolver } from './samples/analysis.resolver.js';
import type { AnalysisService } from './samples/analysis.service.js';
import { SampleQuestionsResolver } from './samples/sample-questions.resolver.js';
import { SavedViewResolver } from './saved-views/saved-view.resolver.js';
import type { SavedViewService } from './saved-views/saved-view.service.js';
import { SuggestedSampleResolver, SuggestionResolver } from './suggestions/suggestion.resolver.js';
import type { SavedFusionService } from '../runs/fusions/saved-fusion.service.js';
import { RunWhatIfResolver, WhatIfChangeResolver, WhatIfResolver } from './what-if/what-if.resolver.js';
import type { WhatIfService } from './what-if/what-if.service.js';
import { ErrorSliceResolver, RunSlicesResolver } from './slices/slice.resolver.js';
import type { SliceService } from './slices/slice.service.js';
import { RunValidityResolver } from './validity/validity.resolver.js';
import type { ValidityService } from './validity/validity.service.js';
import type { SuggestionService } from './suggestions/suggestion.service.js';

export interface AnalysisServices extends Pick<DatasetServices, 'samples'> {
  analysis: AnalysisService;
  outcomes: RunOutcomeService;
  differences: RunDifferenceService;
  columns: ColumnService;
  reports: ReportService;
  suggestions: SuggestionService;
  validity: ValidityService;
  embeddings: EmbeddingService;
  whatIf: WhatIfService;
  fusions: SavedFusionService;
  savedViews: SavedViewService;
  crossFitResults: CrossFitResultService;
  raterReports: RaterReportService;
  calibrations: CalibrationService;
  slices: SliceService;
}

export const analysisResolvers: RoomResolvers<AnalysisServices> = {
  resolvers: [
    [RunResultsResolver, ({ outcomes }) => new RunResultsResolver(outcomes)],
    [RunComparisonResolver, ({ outcomes }) => new RunComparisonResolver(outcomes)],
    [RunDifferenceResolver, ({ differences, samples }) => new RunDifferenceResolver(differences, samples)],
    [SampleChangeResolver, ({ samples }) => new SampleChangeResolver(samples)],
    [SampleAnalysisResolver, ({ analysis }) => new SampleAnalysisResolver(analysis)],
    [SampleQuestionsResolver, ({ analysis }) => new SampleQuestionsResolver(analysis)],
    [MeasuresResolver, () => new MeasuresResolver()],
    [CrossFitResultResolver, ({ crossFitResults }) => new CrossFitResultResolver(crossFitResults)],
    [CrossFitSuspectResolver, ({ samples }) => new CrossFitSuspectResolver(samples)],
    [RaterReportResolver, ({ raterReports }) => new RaterReportResolver(raterReports)],
    [DisputedSampleResolver, ({ samples }) => new DisputedSampleResolver(samples)],
    [RunCalibrationsResolver, ({ calibrations }) => new RunCalibrationsResolver(calibrations)],
    [RunSlicesResolver, ({ slices }) => new RunSlicesResolver(slices)],
    [ErrorSliceResolver, ({ samples }) => new ErrorSliceResolver(samples)],
    [FacetsResolver, () => new FacetsResolver()],
    [RunAnalysesResolver, ({ analysis }) => new RunAnalysesResolver(analysis)],
    [RunValidityResolver, ({ validity }) => new RunValidityResolver(validity)],
    [RunWhatIfResolver, ({ whatIf, fusions }) => new RunWhatIfResolver(whatIf, fusions)],
    [WhatIfResolver, () => new WhatIfResolver()],
    [WhatIfChangeResolver, ({ samples }) => new WhatIfChangeResolver(samples)],
    [RunEmbeddingsResolver, ({ embeddings }) => new RunEmbeddingsResolver(embeddings)],
    [FeatureNeighboursResolver, ({ embeddings }) => new FeatureNeighboursResolver(embeddings)],
    [RunReportsResolver, ({ reports }) => new RunReportsResolver(reports)],
    [RunColumnsResolver, ({ columns }) => new RunColumnsResolver(columns)],
    [SuggestionResolver, ({ suggestions }) => new SuggestionResolver(suggestions)],
    [SuggestedSampleResolver, ({ samples }) => new SuggestedSampleResolver(samples)],
    [SavedViewResolver, ({ savedViews }) => new SavedViewResolver(savedViews)],
    [EpochMetricsResolver, ({ analysis }) => new EpochMetricsResolver(analysis)],
  ],
  nodes: ({ savedViews, embeddings }) => ({
    view: (row) => savedViews.byRow(row),
    embedding: (row) => embeddings.byRow(row),
  }),
};
