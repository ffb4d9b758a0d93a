import DataLoader from 'dataloader';
import type { DataSource, EntityManager } from 'typeorm';
import type { SampleService } from '../../datasets/sample.service.js';
import type { Sample } from '../../datasets/sample.entity.js';
import type { Split } from '../../split.js';
import { InvalidInputError, NotFoundError, PlatformError } from '../../errors.js';
import { globalId, rowOf } from '../../graphql/global-id.js';
import type { Page } from '../../graphql/pagination.js';
import type { Epoch } from '../../runs/recorded/epoch.entity.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import type { AnalysisFacets } from '../lists/analysis-facets.js';
import type { AnalysisFilter } from '../lists/analysis-filter.js';
import { readAnalysisPage, type AnalysisPageArguments } from '../lists/analysis-page.js';
import { placeInList, type ListQuestion, type PlaceInRun } from '../lists/place-in-list.js';
import type { ConfusionMatrix } from '../reports/confusion-matrix.js';
import { readConfusionMatrix, type ConfusionQuestion } from '../reports/confusion-matrices.js';
import type { Measure } from '../record/measure.js';
import { measureValue } from './measure-value.js';
import { suggestedClass } from '../../metrics/confident-learning.js';
import type { ConfidentRule } from '../record/vocabulary.js';
import { NeighbourIndex } from './neighbour-index.js';
import { checkNeighbours, Neighbour } from './neighbour.js';
import { checkEpoch, missingEpoch } from '../record/read-aggregates.js';
import { readFacets } from '../lists/read-facets.js';
import {
  type AnalysedSample,
  findAnalysed,
  findRuns,
  newestRuns,
  readAnalyses,
  readAnalysisHistories,
  type Runs,
  requireRun,
} from './sample-analyses.js';
import type { SampleAnalysis, SampleFacts } from './sample-analysis.js';
import type { SplitMetrics } from '../record/split-metrics.entity.js';
import { readRunsThatSaw, readSplitMetrics, readSplitsSeen, readThresholds } from './read-many.js';
import { Trajectory } from './trajectory.js';

interface SampleOfRun {
  /** Null: the newest run that has analysed the sample. */
  runRow: number | null;
  sampleRow: number;
}

/**
 * Reads what `analyseEpoch` wrote. What one tick asks for is read together, in a constant number of statements; nothing
 * is kept, so nothing grows old.
 */
export class AnalysisService {
  private readonly analyses = new DataLoader(
    (keys: readonly (SampleOfRun & { epoch: number | null })[]) => this.loadAnalyses(keys),
    { cache: false },
  );
  private readonly histories = new DataLoader((keys: readonly SampleOfRun[]) => this.loadHistories(keys), {
    cache: false,
  });
  private readonly samplesByRow = new DataLoader((rows: readonly number[]) => this.samples.byRows(rows), {
    cache: false,
  });
  private readonly runsBySample = new DataLoader((rows: readonly number[]) => readRunsThatSaw(this.manager, rows), {
    cache: false,
  });
  private readonly splitsSeen = new DataLoader((runRows: readonly number[]) => readSplitsSeen(this.manager, runRows), {
    cache: false,
  });
  private readonly thresholds = new DataLoader((facts: readonly SampleFacts[]) => readThresholds(this.manager, facts), {
    cache: false,
  });
  private readonly neighbourIndex: NeighbourIndex;
  private readonly metricsByEpoch = new DataLoader((keys: readonly Epoch[]) => readSplitMetrics(this.manager, keys), {
    cache: false,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly samples: SampleService,
  ) {
    this.neighbourIndex = new NeighbourIndex(dataSource);
  }

  /**
   * Null where the run did not see the sample or has no epoch yet. `run` null: the newest that saw it; `epoch` null:
   * the newest.
   * @throws NotFoundError without such a run, InvalidInputError without such an epoch.
   */
  async analysisOf(sample: Sample, run: string | null, epoch: number | null): Promise<SampleAnalysis | null> {
    return this.analyses.load({ runRow: run === null ? null : rowOf('run', run, 'run'), sampleRow: sample.row, epoch });
  }

  /** The same sample and run after another epoch. @throws InvalidInputError without such an epoch. */
  async at({ facts }: SampleAnalysis, epoch: number): Promise<SampleAnalysis> {
    const found = await this.analyses.load({ runRow: facts.run.row, sampleRow: facts.sampleRow, epoch });
    if (!found) throw await missingEpoch(this.manager, facts.run, epoch);
    return found;
  }

  /** Every epoch, oldest first. `run` null: the newest that saw it. @throws NotFoundError without such a run. */
  async historyOf(sample: Sample, run: string | null): Promise<SampleAnalysis[]> {
    return this.histories.load({ runRow: run === null ? null : rowOf('run', run, 'run'), sampleRow: sample.row });
  }

  /** Null where the run did not see the sample or has no epoch yet. */
  async trajectoryOf(sample: Sample, run: string | null): Promise<Trajectory | null> {
    const history = await this.historyOf(sample, run);
    return history.length > 0 ? new Trajectory(history) : null;
  }

  async trajectory({ facts }: SampleAnalysis): Promise<Trajectory> {
    return new Trajectory(await this.histories.load({ runRow: facts.run.row, sampleRow: facts.sampleRow }));
  }

  /** Null for a measure of votes without votes. */
  measure(analysis: SampleAnalysis, measure: Measure): Promise<number | null> {
    const { run, sampleRow, epoch } = analysis.facts;
    return measureValue(
      analysis,
      measure,
      async () =>
        new Trajectory(
          (await this.histories.load({ runRow: run.row, sampleRow })).filter((earlier) => earlier.epoch <= epoch),
        ).dynamics,
    );
  }

  /** Nearest first. @throws InvalidInputError for a wrong `first` or a split that the run did not see. */
  async neighbours(analysis: SampleAnalysis, first: number, split: Split | null): Promise<Neighbour[]> {
    checkNeighbours(first);
    const { run, epoch, classes, sampleRow, outputs } = analysis.facts;
    const seen = await this.splitsSeen.load(run.row);
    if (split && !seen.includes(split))
      throw new InvalidInputError('split', `a split that the run saw: ${seen.join(', ')}`, split);
    const [found]: { row: number }[] = await this.manager.query(
      'SELECT "row" FROM epoch WHERE run_row = $1 AND number = $2',
      [run.row, epoch],
    );
    if (!outputs.targetDistribution) return [];
    const question = {
      runRow: run.row,
      recorded: isRecorded(run),
      epochRow: found!.row,
      epoch,
      classes: classes.length,
      splits: split ? [split] : seen,
      of: outputs.targetDistribution,
      exceptSample: sampleRow,
      first,
    };
    const nearest = await this.neighbourIndex.nearest(question);
    const analyses = await this.analyses.loadMany(
      nearest.map((neighbour) => ({ runRow: run.row, sampleRow: neighbour.sampleRow, epoch })),
    );
    return nearest.map(({ distance }, place) => new Neighbour(distance, analyses[place] as SampleAnalysis));
  }

  /** Of samples that a run saw, after one epoch, in their order; null where it said nothing of one. */
  async ofSamples(runRow: number, epoch: number, sampleRows: readonly number[]): Promise<(SampleAnalysis | null)[]> {
    const found = await this.analyses.loadMany(sampleRows.map((sampleRow) => ({ runRow, sampleRow, epoch })));
    return found.map((one) => (one instanceof Error ? null : one));
  }

  /** Null where confident learning does not suspect the given label. */
  async suggestionOf({ facts }: SampleAnalysis, rule: ConfidentRule): Promise<string | null> {
    if (!facts.outputs.targetDistribution) return null;
    const thresholds = await this.thresholds.load(facts);
    const { targetDistribution } = facts.outputs;
    return facts.classes[suggestedClass(targetDistribution, facts.givenLabel, thresholds, rule)] ?? null;
  }

  sampleOf(analysis: SampleAnalysis): Sample | Promise<Sample> {
    return analysis.facts.sample ?? this.samplesByRow.load(analysis.facts.sampleRow);
  }

  /** Runs that have analysed the sample, newest first. */
  runsThatSaw(sample: Sample): Promise<TrainingRun[]> {
    return this.runsBySample.load(sample.row);
  }

  /** TRAIN before VALIDATION before TEST; only splits with samples. */
  metricsOf(epoch: Epoch): Promise<SplitMetrics[]> {
    return this.metricsByEpoch.load(epoch);
  }

  async page(run: TrainingRun, page: AnalysisPageArguments): Promise<Page<SampleAnalysis>> {
    return readAnalysisPage(this.manager, await this.withDataset(run), page);
  }

  /** Null where the run did not see the sample. */
  async place(run: TrainingRun, sampleRow: number, question: ListQuestion): Promise<PlaceInRun | null> {
    return placeInList(this.manager, await this.withDataset(run), sampleRow, question);
  }

  async facets(run: TrainingRun, epoch: number | null, filter: AnalysisFilter): Promise<AnalysisFacets> {
    return readFacets(this.manager, await this.withDataset(run), epoch, filter);
  }

  async confusionMatrix(run: TrainingRun, question: ConfusionQuestion): Promise<ConfusionMatrix | null> {
    return readConfusionMatrix(this.manager, await this.withDataset(run), question);
  }

  private get manager(): EntityManager {
    return this.dataSource.manager;
  }

  private withDataset(run: TrainingRun): Promise<TrainingRun> {
    return requireRun(this.manager, run.row);
  }

  private async loadAnalyses(
    keys: readonly (SampleOfRun & { epoch: number | null })[],
  ): Promise<(SampleAnalysis | null | Error)[]> {
    const { runs, found, missing } = await this.find(keys);
    const answers: (SampleAnalysis | null | Error)[] = [...missing];
    // The fields of one sample ask for the same analysis, which is read once.
    const wanted = new Map<string, { places: number[]; sample: AnalysedSample; epoch: number }>();
    keys.forEach((key, place) => {
      const sample = found[place];
      if (!sample) return;
      try {
        const epoch = checkEpoch(key.epoch, sample.newestEpoch);
        const name = `${sample.runRow} ${sample.sampleRow} ${epoch}`;
        if (wanted.has(name)) wanted.get(name)!.places.push(place);
        else wanted.set(name, { places: [place], sample, epoch });
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        answers[place] = error;
      }
    });
    const distinct = [...wanted.values()];
    const analyses = await readAnalyses(this.manager, runs, distinct);
    distinct.forEach(({ places }, n) => places.forEach((place) => (answers[place] = analyses[n])));
    return answers;
  }

  private async loadHistories(keys: readonly SampleOfRun[]): Promise<(SampleAnalysis[] | Error)[]> {
    const { runs, found, missing } = await this.find(keys);
    const wanted = found.flatMap((sample, place) => (sample ? [{ place, sample }] : []));
    const histories = await readAnalysisHistories(
      this.manager,
      runs,
      wanted.map(({ sample }) => sample),
    );
    const answers: (SampleAnalysis[] | Error)[] = missing.map((error) => error ?? []);
    wanted.forEach(({ place }, n) => (answers[place] = histories[n]));
    return answers;
  }

  /** `missing`: an error where there is no such run. */
  private async find(
    keys: readonly SampleOfRun[],
  ): Promise<{ runs: Runs; found: (AnalysedSample | null)[]; missing: (Error | null)[] }> {
    const newest = await newestRuns(
      this.manager,
      keys.flatMap((key) => (key.runRow === null ? [key.sampleRow] : [])),
    );
    const whole = keys.map((key) => ({
      sampleRow: key.sampleRow,
      runRow: key.runRow ?? newest.get(key.sampleRow) ?? 0,
    }));
    const runs = await findRuns(
      this.manager,
      whole.map((key) => key.runRow),
    );
    const missing = keys.map((key) => (key.runRow === null || runs.has(key.runRow) ? null : noSuchRun(key.runRow)));
    return { runs, found: await findAnalysed(this.manager, whole), missing };
  }
}

function noSuchRun(runRow: number): NotFoundError {
  return new NotFoundError('Run', globalId('run', runRow));
}
