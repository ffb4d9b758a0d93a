import DataLoader from 'dataloader';
import { In, type DataSource, type EntityManager } from 'typeorm';
import type { SampleService } from '../datasets/sample.service.js';
import type { Sample } from '../datasets/sample.entity.js';
import { NotFoundError, PlatformError } from '../errors.js';
import { globalId, rowOf } from '../graphql/global-id.js';
import type { Page } from '../graphql/pagination.js';
import type { Epoch } from '../training/epoch.entity.js';
import type { TrainingRun } from '../training/training-run.entity.js';
import { readAnalysisPage, type AnalysisPageArguments } from './analysis-page.js';
import type { ConfusionMatrix } from './confusion-matrix.js';
import { checkEpoch, readConfusionMatrix, type ConfusionQuestion } from './confusion-matrices.js';
import { findAnalysed, findRuns, readAnalyses, readAnalysisHistories } from './sample-analyses.js';
import type { SampleAnalysis } from './sample-analysis.js';
import { SplitMetrics } from './split-metrics.entity.js';

interface SampleOfRun {
  runRow: number;
  sampleRow: number;
}

/** Reads what `analyseEpoch` wrote. What one tick asks for is read together, in a constant number of statements; nothing is kept, so nothing grows old. */
export class AnalysisService {
  private readonly analyses = new DataLoader((keys: readonly (SampleOfRun & { epoch: number | null })[]) => this.loadAnalyses(keys), { cache: false });
  private readonly histories = new DataLoader((keys: readonly SampleOfRun[]) => this.loadHistories(keys), { cache: false });
  private readonly samplesByRow = new DataLoader((rows: readonly number[]) => this.samples.byRows(rows), { cache: false });
  private readonly runsBySample = new DataLoader((rows: readonly number[]) => this.loadRuns(rows), { cache: false });
  private readonly metricsByEpoch = new DataLoader((keys: readonly Epoch[]) => this.loadMetrics(keys), { cache: false });

  constructor(
    private readonly dataSource: DataSource,
    private readonly samples: SampleService,
  ) {}

  /**
   * Null where the run did not see the sample or has no epoch yet. `epoch` null: the newest.
   * @throws NotFoundError without such a run, InvalidInputError without such an epoch.
   */
  async analysisOf(sample: Sample, run: string, epoch: number | null): Promise<SampleAnalysis | null> {
    return this.analyses.load({ runRow: rowOf('run', run, 'run'), sampleRow: sample.row, epoch });
  }

  /** Every epoch, oldest first. @throws NotFoundError without such a run. */
  async historyOf(sample: Sample, run: string): Promise<SampleAnalysis[]> {
    return this.histories.load({ runRow: rowOf('run', run, 'run'), sampleRow: sample.row });
  }

  sampleOf(analysis: SampleAnalysis): Promise<Sample> {
    return this.samplesByRow.load(analysis.facts.sampleRow);
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

  async confusionMatrix(run: TrainingRun, question: ConfusionQuestion): Promise<ConfusionMatrix | null> {
    return readConfusionMatrix(this.manager, await this.withDataset(run), question);
  }

  private get manager(): EntityManager {
    return this.dataSource.manager;
  }

  private async withDataset(run: TrainingRun): Promise<TrainingRun> {
    const found = (await findRuns(this.manager, [run.row])).get(run.row);
    if (!found) throw new NotFoundError('Run', run.id);
    return found;
  }

  private async loadAnalyses(keys: readonly (SampleOfRun & { epoch: number | null })[]): Promise<(SampleAnalysis | null | Error)[]> {
    const runs = await findRuns(this.manager, keys.map((key) => key.runRow));
    const found = await findAnalysed(this.manager, keys);
    const answers: (SampleAnalysis | null | Error)[] = keys.map((key) => (runs.has(key.runRow) ? null : noSuchRun(key.runRow)));
    const wanted = keys.flatMap((key, place) => {
      const sample = found[place];
      if (!sample) return [];
      try {
        return [{ place, sample, epoch: checkEpoch(key.epoch, sample.newestEpoch) }];
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        answers[place] = error;
        return [];
      }
    });
    const analyses = await readAnalyses(this.manager, runs, wanted);
    wanted.forEach(({ place }, n) => (answers[place] = analyses[n]!));
    return answers;
  }

  private async loadHistories(keys: readonly SampleOfRun[]): Promise<(SampleAnalysis[] | Error)[]> {
    const runs = await findRuns(this.manager, keys.map((key) => key.runRow));
    const found = await findAnalysed(this.manager, keys);
    const wanted = found.flatMap((sample, place) => (sample ? [{ place, sample }] : []));
    const histories = await readAnalysisHistories(this.manager, runs, wanted.map(({ sample }) => sample));
    const answers: (SampleAnalysis[] | Error)[] = keys.map((key) => (runs.has(key.runRow) ? [] : noSuchRun(key.runRow)));
    wanted.forEach(({ place }, n) => (answers[place] = histories[n]!));
    return answers;
  }

  private async loadRuns(sampleRows: readonly number[]): Promise<TrainingRun[][]> {
    const pairs: { run_row: number; sample_row: number }[] = await this.manager.query('SELECT run_row, sample_row FROM sample_analysis WHERE sample_row = ANY($1::int[]) ORDER BY run_row DESC', [sampleRows]);
    const runs = await findRuns(this.manager, pairs.map((pair) => pair.run_row));
    return sampleRows.map((row) => pairs.filter((pair) => pair.sample_row === row).flatMap((pair) => runs.get(pair.run_row) ?? []));
  }

  private async loadMetrics(epochs: readonly Epoch[]): Promise<SplitMetrics[][]> {
    const found = await this.dataSource.getRepository(SplitMetrics).find({
      where: { runRow: In([...new Set(epochs.map((epoch) => epoch.runRow))]), epoch: In([...new Set(epochs.map((epoch) => epoch.number))]) },
      order: { split: 'ASC' },
    });
    const byEpoch = new Map<string, SplitMetrics[]>(epochs.map((epoch) => [`${epoch.runRow} ${epoch.number}`, []]));
    for (const metrics of found) byEpoch.get(`${metrics.runRow} ${metrics.epoch}`)?.push(metrics);
    return epochs.map((epoch) => byEpoch.get(`${epoch.runRow} ${epoch.number}`)!);
  }
}

function noSuchRun(runRow: number): NotFoundError {
  return new NotFoundError('Run', globalId('run', runRow));
}
