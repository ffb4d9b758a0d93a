import type { DataSource } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import { Sample } from '../../datasets/sample.entity.js';
import { splits as everySplit, type Split } from '../../split.js';
import { holdRows } from '../../transactions.js';
import { ConflictError, InvalidInputError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { givenLabelSet } from '../../labels/base-label-sets.js';
import { requireLabelSet } from '../../labels/label-set.service.js';
import type { Model } from '../../models/model.entity.js';
import type { ModelService } from '../../models/model.service.js';
import { ModelKind } from '../../models/model-source.js';
import { defaultConfiguration } from '../../runs/settings/configure-training.js';
import type { Backbone, TestTimeCrops } from '../../runs/settings/choices.js';
import type { TrainingConfiguration } from '../../runs/settings/training-configuration.js';
import { announce } from '../../runs/events/training-events.js';
import type { TrainingQueue } from '../../runs/queue/training-queue.js';
import { RunKind, TrainingRun } from '../../runs/training-run.entity.js';
import { classOrder } from './class-order.js';
import { Evaluation } from './evaluation.entity.js';

export interface EvaluateOptions {
  model: string;
  checkpoint?: string | null;
  dataset: string;
  labelSet?: string | null;
  splits?: Split[] | null;
  testTimeCrops?: TestTimeCrops | null;
}

export class EvaluationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly models: ModelService,
    private readonly queue: TrainingQueue,
  ) {}

  /**
   * Puts an evaluation of a checkpoint in the queue of trainings.
   * @throws NotFoundError, InvalidInputError with the argument, ConflictError for a model that predicts nothing or has
   * no checkpoint.
   */
  async start(options: EvaluateOptions): Promise<Evaluation> {
    const model = await this.models.byId(options.model, 'input.model');
    if (model.kind !== ModelKind.ADA_DF)
      throw new ConflictError(`Model ${model.id} is a backbone and predicts nothing.`, { kind: model.kind });
    const checkpoint = await this.models.checkpointFor(model, options.checkpoint ?? null);
    const dataset = requireFound(
      await this.dataSource
        .getRepository(Dataset)
        .findOneBy({ row: rowOf('dataset', options.dataset, 'input.dataset') }),
      'Data set',
      options.dataset,
    );
    classOrder(model.classes, dataset.classes, 'input.dataset');
    const splits = await this.splitsOf(dataset, options.splits ?? null);
    const configuration = await this.configurationOf(model, options.testTimeCrops ?? null);
    return this.dataSource.transaction(async (manager) => {
      await holdRows(manager, [
        { table: 'dataset', row: dataset.row, what: 'Data set', id: dataset.id },
        { table: 'model', row: model.row, what: 'Model', id: model.id },
      ]);
      const labelSet = options.labelSet
        ? await requireLabelSet(manager, options.labelSet, 'input.labelSet', dataset.row)
        : await givenLabelSet(manager, dataset);
      const runs = manager.getRepository(TrainingRun);
      const name = `${model.family} v${model.version} on ${dataset.name}`;
      const run = await runs.save(
        runs.create({
          name,
          kind: RunKind.EVALUATION,
          datasetRow: dataset.row,
          labelSetRow: labelSet.row,
          modelRow: model.row,
          configuration,
          progress: null,
        }),
      );
      const evaluations = manager.getRepository(Evaluation);
      const evaluation = await evaluations.save(
        evaluations.create({
          runRow: run.row,
          checkpointRow: checkpoint.row,
          checkpointSha256: checkpoint.sha256,
          splits,
        }),
      );
      await this.queue.enqueue(manager, run.row);
      await announce(manager, { run: run.row, kind: 'state' });
      return evaluations.findOneOrFail({ where: { row: evaluation.row }, relations: { run: true, checkpoint: true } });
    });
  }

  /** With record and checkpoint; null where there is none. */
  byRow(row: number): Promise<Evaluation | null> {
    return this.dataSource
      .getRepository(Evaluation)
      .findOne({ where: { row }, relations: { run: true, checkpoint: true } });
  }

  /** Of one model or of all, newest first. */
  list(modelRow: number | null): Promise<Evaluation[]> {
    const where = modelRow === null ? {} : { run: { modelRow } };
    return this.dataSource
      .getRepository(Evaluation)
      .find({ where, relations: { run: true, checkpoint: true }, order: { row: 'DESC' } });
  }

  private async splitsOf(dataset: Dataset, asked: Split[] | null): Promise<Split[]> {
    const wanted =
      asked === null || asked.length === 0 ? [...everySplit] : everySplit.filter((split) => asked.includes(split));
    const found: { split: Split }[] = await this.dataSource
      .getRepository(Sample)
      .createQueryBuilder('s')
      .select('DISTINCT s.split', 'split')
      .where({ datasetRow: dataset.row })
      .getRawMany();
    const present = wanted.filter((split) => found.some((one) => one.split === split));
    if (present.length === 0)
      throw new InvalidInputError(
        'input.splits',
        `splits of ${dataset.name}: ${found.map(({ split }) => split).join(', ') || 'it has no samples'}`,
        wanted,
      );
    return present;
  }

  /** What the model was trained with, where it was trained here. */
  private async configurationOf(model: Model, crops: TestTimeCrops | null): Promise<TrainingConfiguration> {
    const trained = await this.dataSource
      .getRepository(TrainingRun)
      .findOneBy({ modelRow: model.row, kind: RunKind.TRAINING });
    const base = trained?.configuration ?? {
      ...defaultConfiguration,
      backbone: model.backbone.toUpperCase() as Backbone,
      width: model.width,
    };
    return { ...base, imageSize: model.imageSize, epochs: 1, testTimeCrops: crops ?? base.testTimeCrops };
  }
}
