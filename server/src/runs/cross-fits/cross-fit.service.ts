import type { DataSource, EntityManager } from 'typeorm';
import { inputError, requireFound } from '../../errors.js';
import { globalId, rowOf } from '../../graphql/global-id.js';
import { samplesPerLabelChunk } from '../../labels/label-set-chunk.entity.js';
import { Split } from '../../split.js';
import { RunSplit } from '../recorded/run-split.entity.js';
import { readMeasuredRates } from '../settings/measured-rates.js';
import { samplesOfAnEpoch } from '../settings/sampling.js';
import type { StartTrainingInput } from '../settings/training-input.js';
import { estimateTraining, type TrainingEstimate, warningsOf } from '../settings/training-plan.js';
import { readTrainingRequest, type TrainingRequest } from '../training-request.js';
import { RunState, type TrainingRun } from '../training-run.entity.js';
import type { TrainingService } from '../training.service.js';
import type { CrossFitFold, CrossFitPlan } from './cross-fit-types.js';
import { CrossFit, CrossFitFoldRow } from './cross-fit.entity.js';
import { countsOfFold, type CrossFitInput, type CrossFitRequest, readCrossFitRequest } from './fold-request.js';

/** By which lists of runs find the runs of cross-fits, and those of one. */
const crossFitTag = 'cross-fit';

/** Trains K models through the queue so that each sample is judged by one that never saw it. */
export class CrossFitService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly training: TrainingService,
  ) {}

  /** @throws NotFoundError where something that the input names does not exist. */
  async plan(input: CrossFitInput): Promise<CrossFitPlan> {
    const asked = await readCrossFitRequest(this.dataSource, input);
    const { request, problems, labels, folds, subjects } = asked;
    const sizes = sizesOf(folds, problems.length === 0 ? input.folds : 0);
    return {
      folds: sizes,
      samples: labels.length,
      subjects,
      problems: problems.map(({ message, details }) => ({ path: String(details['path']), message })),
      warnings: [
        ...warningsOf(request),
        ...(input.keepSubjectsWhole && subjects === 0
          ? ['No subject is known: faces of one person may lie in several folds, and a model may have seen them.']
          : []),
      ],
      estimate: problems.length === 0 ? await this.estimate(asked, sizes.length) : null,
    };
  }

  private async estimate(asked: CrossFitRequest, folds: number): Promise<TrainingEstimate | null> {
    const { configuration } = asked.request;
    const rates = await readMeasuredRates(this.dataSource);
    const each: TrainingEstimate[] = [];
    for (let fold = 0; fold < folds; fold++) {
      const samplesPerEpoch = samplesOfAnEpoch(countsOfFold(asked, fold, 'left'), configuration.sampling);
      const one = estimateTraining(configuration, { samplesPerEpoch, evaluated: asked.labels.length }, rates);
      if (one) each.push(one);
    }
    const [first] = each;
    return first ? { ...first, seconds: each.reduce((sum, { seconds }) => sum + seconds, 0) } : null;
  }

  /** Creates the folds with their runs and puts these in the queue, in one transaction. @throws InvalidInputError */
  async start(input: CrossFitInput): Promise<CrossFit> {
    const asked = await readCrossFitRequest(this.dataSource, input);
    const { request, problems, sampleRows, folds } = asked;
    if (problems.length > 0) throw inputError(problems);
    const training = { ...input.training, labelSet: globalId('labelset', request.labelSet.row) };
    const name = input.training.name?.trim() || `${request.dataset.name}, ${input.folds} folds`;
    return this.dataSource.transaction(async (manager) => {
      const repository = manager.getRepository(CrossFit);
      const crossFit = await repository.save(
        repository.create({
          name,
          datasetRow: request.dataset.row,
          labelSetRow: request.labelSet.row,
          subjectsKeptWhole: input.keepSubjectsWhole,
          input: training,
        }),
      );
      for (let fold = 0; fold < input.folds; fold++) {
        const held = sampleRows.filter((_, n) => folds[n] === fold);
        const row = { crossFitRow: crossFit.row, number: fold + 1, sampleRows: held, runRow: null };
        await manager.getRepository(CrossFitFoldRow).insert(row);
        await this.train(manager, crossFit, row, request);
      }
      return manager.getRepository(CrossFit).findOneByOrFail({ row: crossFit.row });
    });
  }

  /**
   * Folds that failed or were cancelled go on from their last checkpoint; those whose runs were deleted are trained
   * anew. Whatever is queued, running or complete stays. @throws NotFoundError
   */
  async resume(id: string): Promise<CrossFit> {
    const crossFit = await this.byId(id);
    for (const fold of await this.foldsOf(crossFit.row)) {
      if (fold.state === RunState.FAILED || fold.state === RunState.CANCELLED)
        await this.training.resume(globalId('run', fold.runRow!), null);
      if (fold.state !== null) continue;
      const request = await readTrainingRequest(this.dataSource, crossFit.input);
      await this.dataSource.transaction(async (manager) => {
        const row = await manager.getRepository(CrossFitFoldRow).findOneOrFail({
          where: { crossFitRow: crossFit.row, number: fold.number },
          lock: { mode: 'pessimistic_write' },
        });
        if (row.runRow === null) await this.train(manager, crossFit, row, request);
      });
    }
    return crossFit;
  }

  /** Cancels what is queued or running; `resume` goes on. @throws NotFoundError */
  async cancel(id: string): Promise<CrossFit> {
    const crossFit = await this.byId(id);
    for (const { state, runRow } of await this.foldsOf(crossFit.row))
      if (state === RunState.QUEUED || state === RunState.RUNNING) await this.training.cancel(globalId('run', runRow!));
    return crossFit;
  }

  /** The samples of the run are fixed here: the fold is its validation split, and nothing else is evaluated. */
  private async train(
    manager: EntityManager,
    crossFit: CrossFit,
    fold: Pick<CrossFitFoldRow, 'number' | 'sampleRows'>,
    request: TrainingRequest,
  ): Promise<void> {
    const input: StartTrainingInput = { ...crossFit.input, name: `${crossFit.name}, without fold ${fold.number}` };
    const run = await this.training.startWithin(manager, input, request, { tags: [crossFitTag, crossFit.id] });
    await fixSplits(manager, run, fold.sampleRows);
    await manager
      .getRepository(CrossFitFoldRow)
      .update({ crossFitRow: crossFit.row, number: fold.number }, { runRow: run.row });
  }

  byRow(row: number): Promise<CrossFit | null> {
    return this.dataSource.getRepository(CrossFit).findOneBy({ row });
  }

  private async byId(id: string): Promise<CrossFit> {
    const found = requireFound(await this.byRow(rowOf('crossfit', id, 'crossFit')), 'Cross-fit', id);
    return found;
  }

  /** Newest first. */
  ofDataset(datasetRow: number): Promise<CrossFit[]> {
    return this.dataSource.getRepository(CrossFit).find({ where: { datasetRow }, order: { row: 'DESC' } });
  }

  foldsOf(crossFitRow: number): Promise<CrossFitFold[]> {
    return this.dataSource.query(
      `SELECT f.number, f.run_row AS "runRow", cardinality(f.sample_rows) AS samples, r.state
         FROM cross_fit_fold f LEFT JOIN training_run r ON r."row" = f.run_row
        WHERE f.cross_fit_row = $1 ORDER BY f.number`,
      [crossFitRow],
    ) as Promise<CrossFitFold[]>;
  }
}

/** What it stands at as a whole: what is left to do before what went wrong. */
export function stateOf(folds: readonly Pick<CrossFitFold, 'state'>[]): RunState {
  const has = (state: RunState): boolean => folds.some((fold) => fold.state === state);
  if (has(RunState.RUNNING)) return RunState.RUNNING;
  if (has(RunState.QUEUED)) return has(RunState.COMPLETED) ? RunState.RUNNING : RunState.QUEUED;
  if (folds.every(({ state }) => state === RunState.COMPLETED)) return RunState.COMPLETED;
  return has(RunState.CANCELLED) && !has(RunState.FAILED) ? RunState.CANCELLED : RunState.FAILED;
}

function sizesOf(dealt: Int32Array, folds: number): number[] {
  const sizes = new Array<number>(folds).fill(0);
  if (folds > 0) for (const fold of dealt) sizes[fold]++;
  return sizes;
}

async function fixSplits(manager: EntityManager, run: TrainingRun, held: readonly number[]): Promise<void> {
  const write = (split: Split, condition: string): Promise<unknown> =>
    manager.query(
      `INSERT INTO run_split (run_row, split, sample_rows, labels)
       SELECT $1, $2::split, coalesce(array_agg(s."row" ORDER BY s."row"), '{}'), coalesce(array_agg(l.label ORDER BY s."row"), '{}')
         FROM sample s
         JOIN (SELECT c.chunk * $5 + p.place - 1 AS index, p.label FROM label_set_chunk c,
                      unnest(c.labels) WITH ORDINALITY AS p(label, place) WHERE c.label_set_row = $4) l ON l.index = s."index"
        WHERE s.dataset_row = $3 AND s.split = 'TRAIN' AND l.label >= 0 AND ${condition}`,
      [run.row, split, run.datasetRow, run.labelSetRow, samplesPerLabelChunk, held],
    );
  await write(Split.TRAIN, 's."row" NOT IN (SELECT unnest($6::int[]))');
  await write(Split.VALIDATION, 's."row" IN (SELECT unnest($6::int[]))');
  await manager.getRepository(RunSplit).insert({ runRow: run.row, split: Split.TEST, sampleRows: [], labels: [] });
}
