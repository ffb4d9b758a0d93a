import DataLoader from 'dataloader';
import { In, type DataSource } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { Split } from '../../split.js';
import { ConflictError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { differingSettings } from '../../runs/settings/settings-of.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { pairedDifference } from '../../metrics/paired-difference.js';
import { accuracy, classScores } from '../../metrics/classification.js';
import {
  ChangeKind,
  ComparedLabels,
  RunComparison,
  SampleChange,
  type ChangeCounts,
  type ClassChange,
} from './run-comparison.js';
import { resultsOf, type RunResult } from './run-result.js';
import { SplitMetrics } from '../record/split-metrics.entity.js';

/**
 * Samples that two runs have in common, with the labels and predictions of both. Parameters: rows of the runs, split.
 */
const common = `FROM sample_analysis b JOIN sample_analysis a ON a.sample_row = b.sample_row AND a.run_row = $2 AND a.split = b.split WHERE b.run_row = $1 AND b.split = $3::split`;
const changed = '(b.given_label <> a.given_label OR b.target_label <> a.target_label)';

interface Combination {
  lb: number;
  la: number;
  pb: number;
  pa: number;
  samples: number;
}

/** What runs came to, and how two of them differ. */
export class RunOutcomeService {
  /** What one tick asks for is read at once: a list of a thousand runs is one query. */
  private readonly metricsOf = new DataLoader((rows: readonly number[]) => this.loadMetrics(rows), { cache: false });

  constructor(private readonly dataSource: DataSource) {}

  async results(runRow: number): Promise<RunResult[]> {
    return resultsOf(await this.metricsOf.load(runRow));
  }

  private async loadMetrics(rows: readonly number[]): Promise<SplitMetrics[][]> {
    const found = await this.dataSource.getRepository(SplitMetrics).findBy({ runRow: In([...rows]) });
    const byRun = new Map<number, SplitMetrics[]>(rows.map((row) => [row, []]));
    for (const metrics of found) byRun.get(metrics.runRow)!.push(metrics);
    return rows.map((row) => byRun.get(row)!);
  }

  /** @throws NotFoundError; ConflictError for runs of two data sets, or without an epoch. */
  async compare(beforeId: string, afterId: string, split: Split, labels: ComparedLabels): Promise<RunComparison> {
    const [before, after] = [await this.run(beforeId, 'before'), await this.run(afterId, 'after')];
    if (before.datasetRow !== after.datasetRow)
      throw new ConflictError(
        `Runs ${before.id} and ${after.id} were trained on two data sets: their samples cannot be compared.`,
      );
    const { classes } = await this.dataSource.getRepository(Dataset).findOneByOrFail({ row: before.datasetRow });
    const runs = [before.row, after.row, split];
    const cells: Combination[] = await this.dataSource.query(
      `SELECT b.given_label AS lb, a.given_label AS la, b.target_label AS pb, a.target_label AS pa, count(*)::int AS samples ${common} GROUP BY 1, 2, 3, 4`,
      runs,
    );
    const [{ only_before, only_after }] = await this.dataSource.query(
      `SELECT (SELECT count(*)::int FROM sample_analysis WHERE run_row = $1 AND split = $3::split) AS only_before, (SELECT count(*)::int FROM sample_analysis WHERE run_row = $2 AND split = $3::split) AS only_after`,
      runs,
    );
    const both = cells.reduce((sum, { samples }) => sum + samples, 0);
    const [labelBefore, labelAfter] = labelsOf(labels);
    const matrixBefore = matrix(cells, classes.length, labelBefore, 'pb');
    const matrixAfter = matrix(cells, classes.length, labelAfter, 'pa');
    const counts = countChanges(cells, labelBefore, labelAfter);
    return Object.assign(new RunComparison(), {
      before,
      after,
      split,
      classes,
      matrixBefore,
      matrixAfter,
      differences: differences(before, after),
      accuracyBefore: accuracy(matrixBefore),
      accuracyAfter: accuracy(matrixAfter),
      accuracyDifference: pairedDifference(counts.mended, counts.broken, both),
      perClass: classChanges(classes, matrixBefore, matrixAfter),
      counts: {
        ...counts,
        onlyBefore: only_before - both,
        onlyAfter: only_after - both,
      },
    });
  }

  /**
   * Samples on which the runs differ, by row, after the sample `afterRow`; one more than `limit` where there are more.
   */
  async changes(
    comparison: RunComparison,
    kind: ChangeKind | null,
    limit: number,
    afterRow: number,
  ): Promise<SampleChange[]> {
    const { before, after, split, classes } = comparison;
    const rows: { sample_row: number; lb: number; la: number; pb: number; pa: number }[] = await this.dataSource.query(
      `SELECT b.sample_row, b.given_label AS lb, a.given_label AS la, b.target_label AS pb, a.target_label AS pa ${common} AND ${conditionOf(kind)} AND b.sample_row > $4 ORDER BY b.sample_row LIMIT $5`,
      [before.row, after.row, split, afterRow, limit + 1],
    );
    return rows.map(({ sample_row, lb, la, pb, pa }) =>
      Object.assign(new SampleChange(), {
        sampleRow: sample_row,
        kind: kindOf(lb !== la, pb !== pa)!,
        labelBefore: classes[lb],
        labelAfter: classes[la],
        predictionBefore: classes[pb],
        predictionAfter: classes[pa],
      }),
    );
  }

  async countChanges({ before, after, split }: RunComparison, kind: ChangeKind | null): Promise<number> {
    const [{ count }] = await this.dataSource.query(
      `SELECT count(*)::int AS count ${common} AND ${conditionOf(kind)}`,
      [before.row, after.row, split],
    );
    return count;
  }

  private async run(id: string, argument: string): Promise<TrainingRun> {
    const run = requireFound(
      await this.dataSource.getRepository(TrainingRun).findOneBy({ row: rowOf('run', id, argument) }),
      'Run',
      id,
    );
    const [{ count }] = await this.dataSource.query('SELECT count(*)::int AS count FROM epoch WHERE run_row = $1', [
      run.row,
    ]);
    if (count === 0)
      throw new ConflictError(`Run ${id} has no epoch yet: there is nothing to compare.`, { state: run.state });
    return run;
  }
}

type Label = 'lb' | 'la';

function labelsOf(labels: ComparedLabels): [Label, Label] {
  if (labels === ComparedLabels.OWN) return ['lb', 'la'];
  return labels === ComparedLabels.BEFORE ? ['lb', 'lb'] : ['la', 'la'];
}

function matrix(cells: readonly Combination[], classes: number, label: Label, prediction: 'pb' | 'pa'): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const cell of cells) counts[cell[label]][cell[prediction]] += cell.samples;
  return counts;
}

function classChanges(classes: readonly string[], matrixBefore: number[][], matrixAfter: number[][]): ClassChange[] {
  const [before, after] = [classScores(matrixBefore), classScores(matrixAfter)];
  return classes.map((name, k) => {
    const [b, a] = [before[k], after[k]];
    const f1Delta = b.f1 === null || a.f1 === null ? null : a.f1 - b.f1;
    return {
      class: name,
      recallBefore: b.recall,
      recallAfter: a.recall,
      precisionBefore: b.precision,
      precisionAfter: a.precision,
      f1Before: b.f1,
      f1After: a.f1,
      f1Delta,
    };
  });
}

function countChanges(
  cells: readonly Combination[],
  labelBefore: Label,
  labelAfter: Label,
): Omit<ChangeCounts, 'onlyBefore' | 'onlyAfter'> {
  const where = (condition: (cell: Combination) => boolean): number =>
    cells.filter(condition).reduce((sum, { samples }) => sum + samples, 0);
  const rightBefore = (cell: Combination): boolean => cell.pb === cell[labelBefore];
  const rightAfter = (cell: Combination): boolean => cell.pa === cell[labelAfter];
  return {
    unchanged: where((cell) => kindOf(cell.lb !== cell.la, cell.pb !== cell.pa) === null),
    label: where((cell) => kindOf(cell.lb !== cell.la, cell.pb !== cell.pa) === ChangeKind.LABEL),
    prediction: where((cell) => kindOf(cell.lb !== cell.la, cell.pb !== cell.pa) === ChangeKind.PREDICTION),
    both: where((cell) => kindOf(cell.lb !== cell.la, cell.pb !== cell.pa) === ChangeKind.BOTH),
    mended: where((cell) => !rightBefore(cell) && rightAfter(cell)),
    broken: where((cell) => rightBefore(cell) && !rightAfter(cell)),
  };
}

function kindOf(label: boolean, prediction: boolean): ChangeKind | null {
  if (label) return prediction ? ChangeKind.BOTH : ChangeKind.LABEL;
  return prediction ? ChangeKind.PREDICTION : null;
}

function conditionOf(kind: ChangeKind | null): string {
  if (kind === null) return changed;
  const label = kind === ChangeKind.PREDICTION ? '=' : '<>';
  const prediction = kind === ChangeKind.LABEL ? '=' : '<>';
  return `b.given_label ${label} a.given_label AND b.target_label ${prediction} a.target_label`;
}

function differences(before: TrainingRun, after: TrainingRun): string[] {
  const settings = differingSettings(before, after).map(({ name }) => name);
  const whole = (['backend', 'codeVersion'] as const).filter((name) => before[name] !== after[name]);
  return [
    ...(before.labelSetRow === after.labelSetRow ? [] : ['labelSet']),
    ...(before.initialSha256 === after.initialSha256 ? [] : ['initialWeights']),
    ...settings,
    ...whole,
  ];
}
