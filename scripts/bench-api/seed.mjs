// A data set with votes and a run of two epochs, recorded as a worker records them.
import { tmpdir } from 'node:os';
import path from 'node:path';

const classes = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];

/** @returns the run's row. */
export async function seed(dist, dataSource, samples) {
  const load = (file) => import(path.join(dist, file));
  const { TrainingRecorder } = await load('training/record-training.js');
  const { CheckpointFiles } = await load('models/checkpoints/checkpoint-files.js');
  const { analyseEpoch } = await load('analysis/record/analyse-epoch.js');
  const { ModelService } = await load('models/model.service.js');
  const { Dataset } = await load('datasets/dataset.entity.js');
  const { givenLabelSet } = await load('labels/base-label-sets.js');
  const { TrainingRun } = await load('runs/training-run.entity.js');
  const { defaultConfiguration } = await load('runs/settings/configure-training.js');
  const { randomFrom } = await load('random.js');
  const report = { source: 'bench', imported: samples, skipped: 0, skippedByReason: {}, skippedRows: [], choices: {} };
  const [{ row: dataset }] = await dataSource.query(
    `INSERT INTO "dataset" ("name", "format", "classes", "image_root", "import_report") VALUES ('bench', 'bench', $1, $2, $3) RETURNING "row"`,
    [classes, tmpdir(), report],
  );
  await dataSource.query(
    `INSERT INTO "sample" ("dataset_row", "index", "key", "split", "given_label", "votes", "image_path", "width", "height")
     SELECT $1, n, 'face-' || n || '.png', 'TRAIN', n % 7, ARRAY[n % 3, 1, 0, n % 5, 2, 0, 1], 'face.png', 48, 48 FROM generate_series(0, $2::int - 1) AS n`,
    [dataset, samples],
  );
  const model = await new ModelService(dataSource).create(dataSource.manager, {
    name: 'bench',
    backbone: 'resnet18',
    width: 64,
    classes,
    imageSize: 48,
    parameterCount: 1,
  });
  const configuration = { ...defaultConfiguration, epochs: 2 };
  const entity = await dataSource.getRepository(Dataset).findOneByOrFail({ row: dataset });
  const labelSet = await dataSource.transaction((manager) => givenLabelSet(manager, entity));
  const { row } = await dataSource
    .getRepository(TrainingRun)
    .save({ name: 'bench', datasetRow: dataset, labelSetRow: labelSet.row, modelRow: model.row, configuration });
  const rows = await dataSource.query(
    'SELECT "row", "given_label" FROM "sample" WHERE "dataset_row" = $1 ORDER BY "index"',
    [dataset],
  );
  const labels = rows.map((sample) => sample.given_label);
  await dataSource.query(
    `INSERT INTO "run_split" ("run_row", "split", "sample_rows", "labels") VALUES ($1, 'TRAIN', $2, $3)`,
    [row, rows.map((sample) => sample.row), labels],
  );
  const run = await dataSource
    .getRepository(TrainingRun)
    .findOneOrFail({ where: { row }, relations: { dataset: true, model: true } });
  const recorder = new TrainingRecorder(dataSource, new CheckpointFiles(tmpdir()), analyseEpoch);
  const random = randomFrom(1);
  for (let number = 1; number <= 2; number++)
    await recorder.epoch(run, epochResult(rows, labels, number, random), new Map());
  return row;
}

function epochResult(rows, labels, number, random) {
  const distributions = () =>
    Float32Array.from(rows.flatMap(() => normalised(classes.map(() => Math.exp(3 * random.uniform())))));
  const attention = () => Float32Array.from(rows, () => 0.3 + 0.6 * random.uniform());
  return {
    number,
    classes: classes.length,
    learningRate: 1e-3,
    ramps: { kullbackLeibler: 1, crossEntropy: 1 },
    losses: { total: 1, crossEntropy: 1, kullbackLeibler: 1, rankRegularization: 0 },
    imagesPerSecond: 100,
    durationSeconds: 10,
    classDistributions: new Float32Array(classes.length ** 2).fill(1 / classes.length),
    fallbackRows: classes.map(() => false),
    classCounts: classes.map(() => rows.length / classes.length),
    outputs: [
      {
        split: 'TRAIN',
        sampleRows: Int32Array.from(rows, ({ row }) => row),
        labels: Int16Array.from(labels),
        labelDistributions: distributions(),
        targetDistributions: distributions(),
        auxiliaryAttention: attention(),
        targetAttention: attention(),
      },
    ],
  };
}

function normalised(values) {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}
