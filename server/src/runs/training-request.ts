import type { DataSource } from 'typeorm';
import { Dataset } from '../datasets/dataset.entity.js';
import { InvalidInputError, NotFoundError, requireFound } from '../errors.js';
import { globalId, parseGlobalId, rowOf } from '../graphql/global-id.js';
import { givenLabelSet } from '../labels/base-label-sets.js';
import type { LabelSet } from '../labels/label-set.entity.js';
import { requireLabelSet } from '../labels/label-set.service.js';
import { Checkpoint, CheckpointKind } from '../models/checkpoint.entity.js';
import { Model } from '../models/model.entity.js';
import { ModelKind } from '../models/model-source.js';
import { Split } from '../split.js';
import type { HeldRow } from '../transactions.js';
import { readGivenDistributions } from './fusions/given-distribution.js';
import { requireFusion } from './fusions/saved-fusion.service.js';
import { chooseSettings, problemsOf } from './settings/configure-training.js';
import { startWeightsOfRecipes } from './settings/recipe.js';
import type { TrainingConfiguration } from './settings/training-configuration.js';
import { noInitialWeights, type StartTrainingInput } from './settings/training-input.js';

/** What somebody asks to be trained, with everything that it names looked up. */
export interface TrainingRequest {
  dataset: Dataset;
  labelSet: LabelSet;
  /** Training samples of each class, `[C]`. */
  classCounts: number[];
  configuration: TrainingConfiguration;
  initial: Checkpoint | null;
  /** Everything that is wrong with it; empty: it can be trained. */
  problems: InvalidInputError[];
}

const weightsPath = 'input.initialWeights';

/** @throws NotFoundError where the data set, the label set or the weights do not exist. */
export async function readTrainingRequest(dataSource: DataSource, input: StartTrainingInput): Promise<TrainingRequest> {
  const row = rowOf('dataset', input.dataset, 'input.dataset');
  const dataset = requireFound(await dataSource.getRepository(Dataset).findOneBy({ row }), 'Data set', input.dataset);
  const labelSet = await labelSetOf(dataSource, dataset, input.labelSet ?? null);
  const training = labelSet.balance.find(({ split }) => split === Split.TRAIN);
  const classCounts = training?.classCounts ?? dataset.classes.map(() => 0);
  const { configuration, problems } = await chooseFusion(dataSource, dataset, input);
  problems.push(...problemsOf(configuration, classCounts));
  const weights = input.initialWeights ?? null;
  const initial = weights && weights !== noInitialWeights ? await findCheckpoint(dataSource, weights) : null;
  const problem = initial
    ? otherArchitecture(initial, configuration)
    : await missingWeights(dataSource, configuration, weights);
  return { dataset, labelSet, classCounts, configuration, initial, problems: [...problems, ...problem] };
}

/** The settings of an input; those of the fusion that it names where it gives none itself. */
async function chooseFusion(
  dataSource: DataSource,
  dataset: Dataset,
  input: StartTrainingInput,
): Promise<{ configuration: TrainingConfiguration; problems: InvalidInputError[] }> {
  const id = input.fusion ?? null;
  const saved = id === null ? null : (await requireFusion(dataSource, id, dataset.row)).settings;
  const given = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as StartTrainingInput;
  const configuration = chooseSettings({ ...saved, ...given });
  const wanted = input.replacedDistributions ?? saved?.replacedDistributions ?? [];
  const { rows, problems } = readGivenDistributions(wanted, dataset.classes, 'input.replacedDistributions');
  return {
    configuration: rows.length > 0 ? { ...configuration, replacedDistributions: rows } : configuration,
    problems,
  };
}

async function labelSetOf(dataSource: DataSource, dataset: Dataset, id: string | null): Promise<LabelSet> {
  if (id !== null) return requireLabelSet(dataSource.manager, id, 'input.labelSet', dataset.row);
  return dataSource.transaction((manager) => givenLabelSet(manager, dataset));
}

/** A checkpoint by its id, or of a model by the model's: what was imported, else its best, else its last. */
async function findCheckpoint(dataSource: DataSource, id: string): Promise<Checkpoint> {
  const checkpoints = dataSource.getRepository(Checkpoint);
  if (parseGlobalId(id)?.kind !== 'model') {
    const row = rowOf('checkpoint', id, weightsPath);
    const checkpoint = requireFound(
      await checkpoints.findOne({ where: { row }, relations: { model: true } }),
      'Checkpoint',
      id,
    );
    return checkpoint;
  }
  const modelRow = rowOf('model', id, weightsPath);
  if (!(await dataSource.getRepository(Model).existsBy({ row: modelRow }))) throw new NotFoundError('Model', id);
  const found = await checkpoints.find({ where: { modelRow }, relations: { model: true } });
  const order = [CheckpointKind.IMPORTED, CheckpointKind.BEST, CheckpointKind.LAST];
  const [first] = found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  if (!first) throw new InvalidInputError(weightsPath, 'a model that has a checkpoint', id);
  return first;
}

function otherArchitecture({ model }: Checkpoint, configuration: TrainingConfiguration): InvalidInputError[] {
  const asked = `${configuration.backbone.toLowerCase()} of width ${configuration.width}`;
  const found = `${model.backbone} of width ${model.width}`;
  return asked === found ? [] : [new InvalidInputError(weightsPath, `weights of a ${asked}`, found)];
}

/** A recipe asks for pretrained weights: which of them are here, and how to get some. */
async function missingWeights(
  dataSource: DataSource,
  { recipe, backbone, width }: TrainingConfiguration,
  given: string | null,
): Promise<InvalidInputError[]> {
  if (!recipe || given === noInitialWeights) return [];
  const here = await dataSource.getRepository(Model).find({
    where: { kind: ModelKind.BACKBONE, backbone: backbone.toLowerCase(), width },
    order: { row: 'DESC' },
    take: 5,
  });
  const how =
    here.length > 0
      ? `here: ${here.map(({ id, name }) => `${id} "${name}"`).join(', ')}`
      : 'import one (mutation importModel, or `adadf checkpoint import FILE`)';
  const expected = `${startWeightsOfRecipes} as ${recipe} asks for, ${how}; or "${noInitialWeights}" to begin with weights drawn from the seed`;
  return [new InvalidInputError(weightsPath, expected, given)];
}

/** What a new run refers to: rows that may not go while it is made. */
export function namedBy({ dataset, labelSet, initial }: TrainingRequest, parentRow: number | null): (HeldRow | null)[] {
  return [
    { table: 'dataset', row: dataset.row, what: 'Data set', id: dataset.id },
    { table: 'label_set', row: labelSet.row, what: 'Label set', id: labelSet.id },
    initial && { table: 'model', row: initial.modelRow, what: 'Model', id: globalId('model', initial.modelRow) },
    parentRow === null ? null : { table: 'training_run', row: parentRow, what: 'Run', id: globalId('run', parentRow) },
  ];
}
