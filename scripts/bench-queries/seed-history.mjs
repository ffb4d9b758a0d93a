// A run that has seen many samples over many epochs: columns by binary COPY, the newest epoch recorded as a worker
// records it.
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';

const classes = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];
const samplesPerChunk = 256;
const width = 2 * classes.length + 2;

/** @returns rows of the run and of the first sample. */
export async function seedHistory(dist, dataSource, { samples, epochs, print }) {
  const load = (file) => import(path.join(dist, file));
  const { TrainingRecorder } = await load('training/record-training.js');
  const { CheckpointFiles } = await load('models/checkpoints/checkpoint-files.js');
  const { analyseEpoch } = await load('analysis/record/analyse-epoch.js');
  const { randomFrom } = await load('random.js');
  const run = await emptyRun(load, dataSource, samples, epochs);
  const rows = await dataSource.query('SELECT "row", given_label FROM sample WHERE dataset_row = $1 ORDER BY "index"', [
    run.datasetRow,
  ]);
  const labels = Int16Array.from(rows, ({ given_label }) => given_label);
  const sampleRows = Int32Array.from(rows, ({ row }) => row);
  await dataSource.query(
    `INSERT INTO run_split (run_row, split, sample_rows, labels) VALUES ($1, 'TRAIN', $2::int[], $3::smallint[])`,
    [run.row, `{${sampleRows.join()}}`, `{${labels.join()}}`],
  );
  const random = randomFrom(7);
  const learner = new Learner(labels, random);
  const ranges = [];
  print(`  ${epochs - 1} epochs of ${samples} samples by COPY …`);
  await copyChunks(dataSource, run.row, learner, epochs - 1, ranges);
  for (const [place, range] of ranges.entries()) await insertEpoch(dataSource, run.row, place + 1, range);
  print(`  epoch ${epochs} as a worker records it …`);
  const start = performance.now();
  await new TrainingRecorder(dataSource, new CheckpointFiles(tmpdir()), analyseEpoch).epoch(
    run,
    result(learner, sampleRows, labels, epochs),
    new Map(),
  );
  print(
    `  recorded in ${((performance.now() - start) / 1000).toFixed(1)} s, the dynamics of ${epochs - 1} epochs read from columns included`,
  );
  await dataSource.query('ANALYZE');
  return { run: run.row, firstSample: sampleRows[0] };
}

async function emptyRun(load, dataSource, samples, epochs) {
  const { ModelService } = await load('models/model.service.js');
  const { Dataset } = await load('datasets/dataset.entity.js');
  const { givenLabelSet } = await load('labels/base-label-sets.js');
  const { TrainingRun } = await load('runs/training-run.entity.js');
  const { defaultConfiguration } = await load('runs/settings/configure-training.js');
  const report = { source: 'bench', imported: samples, skipped: 0, skippedByReason: {}, skippedRows: [], choices: {} };
  const [{ row: dataset }] = await dataSource.query(
    `INSERT INTO "dataset" ("name", "format", "classes", "image_root", "import_report") VALUES ('bench', 'bench', $1, $2, $3) RETURNING "row"`,
    [classes, tmpdir(), report],
  );
  await dataSource.query(
    `INSERT INTO "sample" ("dataset_row", "index", "key", "split", "given_label", "votes", "subject", "image_path", "width", "height")
     SELECT $1, n, 'face-' || n || '.png', 'TRAIN', n % 7, ARRAY[n % 3, 1, 0, n % 5, 2, 0, 1], 'person ' || n / 10, 'face.png', 48, 48 FROM generate_series(0, $2::int - 1) AS n`,
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
  const entity = await dataSource.getRepository(Dataset).findOneByOrFail({ row: dataset });
  const labelSet = await dataSource.transaction((manager) => givenLabelSet(manager, entity));
  const repository = dataSource.getRepository(TrainingRun);
  const { row } = await repository.save({
    name: 'bench',
    datasetRow: dataset,
    labelSetRow: labelSet.row,
    modelRow: model.row,
    configuration: { ...defaultConfiguration, epochs },
  });
  return repository.findOneOrFail({ where: { row }, relations: { dataset: true, model: true } });
}

/** Says of each sample what a network that slowly learns most labels might: a quarter of them never. */
class Learner {
  constructor(labels, random) {
    this.labels = labels;
    this.random = random;
    this.ease = Float32Array.from(labels, () => random.uniform());
  }

  /** Writes the record of sample n after an epoch; returns its mean attention. */
  record(n, epoch, floats, offset) {
    const pull = this.ease[n] < 0.25 ? 0 : 0.06 * epoch * this.ease[n];
    for (let branch = 0; branch < 2; branch++) {
      let sum = 0;
      const start = offset + branch * classes.length;
      for (let k = 0; k < classes.length; k++)
        sum += floats[start + k] = Math.exp(2.5 * this.random.uniform() + (k === this.labels[n] ? pull : 0));
      for (let k = 0; k < classes.length; k++) floats[start + k] /= sum;
    }
    const auxiliary = (floats[offset + 2 * classes.length] = 0.2 + 0.7 * this.random.uniform());
    const target = (floats[offset + 2 * classes.length + 1] = 0.2 + 0.7 * this.random.uniform());
    return (Math.fround(auxiliary) + Math.fround(target)) / 2;
  }
}

async function copyChunks(dataSource, run, learner, epochs, ranges) {
  const runner = dataSource.createQueryRunner();
  const client = await runner.connect();
  const sql = 'COPY epoch_column_chunk (run_row, split, chunk, epoch, data) FROM STDIN (FORMAT binary)';
  try {
    await pipeline(
      Readable.from(encodedChunks(run, learner, epochs, ranges), { objectMode: false }),
      client.query(copyFrom(sql)),
    );
  } finally {
    await runner.release();
  }
}

function* encodedChunks(run, learner, epochs, ranges) {
  yield Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const range = [Infinity, -Infinity];
    for (let chunk = 0; chunk * samplesPerChunk < learner.labels.length; chunk++)
      yield encodedChunk(run, learner, chunk, epoch, range);
    ranges.push(range);
  }
  yield Buffer.from([0xff, 0xff]);
}

function encodedChunk(run, learner, chunk, epoch, range) {
  const first = chunk * samplesPerChunk;
  const samples = Math.min(samplesPerChunk, learner.labels.length - first);
  const floats = new Float32Array(samples * width);
  for (let n = 0; n < samples; n++) {
    const w = learner.record(first + n, epoch, floats, n * width);
    range[0] = Math.min(range[0], w);
    range[1] = Math.max(range[1], w);
  }
  const integer = (value) => [4, value].flatMap((word) => [...Buffer.from(Uint32Array.of(word).buffer).reverse()]);
  const data = Buffer.from(floats.buffer);
  const length = Buffer.alloc(4);
  length.writeInt32BE(data.length);
  return Buffer.concat([
    Buffer.from([0, 5, ...integer(run), 0, 0, 0, 5]),
    Buffer.from('TRAIN'),
    Buffer.from([...integer(chunk), ...integer(epoch)]),
    length,
    data,
  ]);
}

async function insertEpoch(dataSource, run, number, range) {
  const uniform = classes.flatMap((_, row) => classes.map((_class, column) => (row === column ? 0.7 : 0.05)));
  await dataSource.query(
    `INSERT INTO epoch (run_row, number, learning_rate, ramps, losses, images_per_second, duration_seconds, class_distributions, fallback_rows, class_counts, attention_ranges)
     VALUES ($1, $2, 0.001, '{"kullbackLeibler":1,"crossEntropy":1}', '{"total":1,"crossEntropy":1,"kullbackLeibler":0,"rankRegularization":0}', 100, 10, $3, $4, $5, $6)`,
    [run, number, uniform, classes.map(() => false), classes.map(() => 1), { TRAIN: range }],
  );
}

function result(learner, sampleRows, labels, number) {
  const samples = labels.length;
  const outputs = {
    split: 'TRAIN',
    sampleRows,
    labels,
    labelDistributions: new Float32Array(samples * classes.length),
    targetDistributions: new Float32Array(samples * classes.length),
    auxiliaryAttention: new Float32Array(samples),
    targetAttention: new Float32Array(samples),
  };
  const record = new Float32Array(width);
  for (let n = 0; n < samples; n++) {
    learner.record(n, number, record, 0);
    outputs.labelDistributions.set(record.subarray(0, classes.length), n * classes.length);
    outputs.targetDistributions.set(record.subarray(classes.length, 2 * classes.length), n * classes.length);
    outputs.auxiliaryAttention[n] = record[width - 2];
    outputs.targetAttention[n] = record[width - 1];
  }
  const uniform = Float32Array.from(
    classes.flatMap((_, row) => classes.map((_class, column) => (row === column ? 0.7 : 0.05))),
  );
  const losses = { total: 1, crossEntropy: 1, kullbackLeibler: 0, rankRegularization: 0 };
  return {
    number,
    classes: classes.length,
    learningRate: 1e-3,
    ramps: { kullbackLeibler: 1, crossEntropy: 1 },
    losses,
    imagesPerSecond: 100,
    durationSeconds: 10,
    classDistributions: uniform,
    fallbackRows: classes.map(() => false),
    classCounts: classes.map(() => 1),
    outputs: [outputs],
  };
}
