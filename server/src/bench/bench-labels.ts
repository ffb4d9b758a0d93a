import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../database/open-database.js';
import { Dataset } from '../datasets/dataset.entity.js';
import { Split } from '../split.js';
import { AnnotationService } from '../labels/annotation.service.js';
import { createBaseLabelSets } from '../labels/base-label-sets.js';
import { LabelSetMaker } from '../labels/label-set-maker.js';
import { LabelSetService } from '../labels/label-set.service.js';
import { readSampleLabels } from '../labels/label-store.js';
import { NoiseKind } from '../labels/noise/noise-record.js';

const classes = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];
const rounds = 5;

/**
 * Times label sets of 300,000 samples (30,000 with `quick`), on an embedded database of its own; medians of five rounds
 * where a thing can be done again.
 */
export async function benchLabels({ quick, print }: { quick: boolean; print: (line: string) => void }): Promise<void> {
  const samples = quick ? 30_000 : 300_000;
  const directory = await mkdtemp(path.join(tmpdir(), 'bench-labels-'));
  const database = await openDatabase({ databaseUrl: undefined, dataDirectory: directory, log: () => undefined });
  try {
    print(`${samples.toLocaleString('en')} samples, ${classes.length} classes, ten votes each`);
    await measure(database.dataSource, samples, print);
  } finally {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(dataSource: DataSource, samples: number, print: (line: string) => void): Promise<void> {
  const { manager } = dataSource;
  const dataset = await makeDataset(dataSource, samples);
  const once = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    print(`${what.padEnd(58)} ${(performance.now() - started).toFixed(1).padStart(9)} ms`);
    return result;
  };
  const median = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const times: number[] = [];
    let result!: T;
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      result = await work();
      times.push(performance.now() - started);
    }
    print(
      `${what.padEnd(58)} ${times
        .sort((a, b) => a - b)
        [Math.floor(rounds / 2)].toFixed(1)
        .padStart(9)} ms`,
    );
    return result;
  };
  const sets = new LabelSetService(dataSource);
  const maker = new LabelSetMaker(dataSource, async () => []);
  await once('given, clean and voted labels, as an import makes them', () =>
    manager.transaction((inside) => createBaseLabelSets(inside, dataset)),
  );
  const noise = await once('symmetric noise, 20 %', () =>
    maker.injectNoise({ dataset: dataset.id, kind: NoiseKind.SYMMETRIC, rate: 0.2 }),
  );
  const clean = await sets.find(dataset, 'clean');
  const diff = await median('difference of two sets in a split, 7 x 7', () => sets.compare(clean, noise, Split.TRAIN));
  const first = await median('the first 50 samples that differ', () =>
    sets.changes(diff, { first: 50, fromLabel: null, toLabel: null }),
  );
  const after = Buffer.from(JSON.stringify([Math.floor(samples * 0.9)])).toString('base64url');
  await median('50 samples that differ, nine tenths down the list', () =>
    sets.changes(diff, { first: 50, after, fromLabel: null, toLabel: null }),
  );
  await median(
    'how many differ (totalCount)',
    async () => (await sets.changes(diff, { first: 1, fromLabel: null, toLabel: null })).totalCount,
  );
  const keys = Array.from({ length: 1000 }, (_, n) => ({ labelSetRow: noise.row, index: (n * 7919) % samples }));
  await median('labels of 1,000 samples from all over', () => readSampleLabels(manager, keys));
  const annotations = new AnnotationService(dataSource);
  const changes = Array.from({ length: 10_000 }, (_, n) => ({
    sample: `sample_${first.nodes[0].sampleRow - first.nodes[0].index + n}`,
    label: classes[n % classes.length],
  }));
  await once('10,000 decisions in one mutation', () => annotations.relabel(changes, { author: 'bench' }));
  await once('a set made of them', () => maker.fromAnnotations({ dataset: dataset.id, name: 'corrected' }));
  const [{ bytes, sets: count }] = await manager.query(
    `SELECT pg_total_relation_size('label_set_chunk')::float8 AS bytes, (SELECT count(*)::int FROM label_set) AS sets`,
  );
  print(`${'a set in the database'.padEnd(58)} ${(bytes / count / 1024).toFixed(0).padStart(9)} kB`);
}

async function makeDataset(dataSource: DataSource, samples: number): Promise<Dataset> {
  const importReport = {
    source: 'bench',
    imported: samples,
    skipped: 0,
    skippedByReason: {},
    skippedRows: [],
    choices: {},
    fingerprint: '',
  };
  const repository = dataSource.getRepository(Dataset);
  const dataset = await repository.save(
    repository.create({
      name: 'bench',
      format: 'bench',
      classes,
      imageStore: null,
      imageRoot: '/',
      importReport,
    }),
  );
  await dataSource.query(
    `INSERT INTO sample (dataset_row, index, key, split, given_label, clean_label, votes, image_path, width, height)
     SELECT $1, n, 'face-' || n, (CASE WHEN n % 10 < 8 THEN 'TRAIN' WHEN n % 10 = 8 THEN 'VALIDATION' ELSE 'TEST' END)::split, (n * 31 % 97) % 7, (n * 31 % 89) % 7,
            ARRAY[n % 4, n % 3, 1, n % 5, 0, 1, n % 2]::smallint[], 'face-' || n, 48, 48 FROM generate_series(0, $2::int - 1) n`,
    [dataset.row, samples],
  );
  await dataSource.query('ANALYZE sample');
  return dataset;
}
