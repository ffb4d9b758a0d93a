import { afterAll, beforeAll, expect, test } from 'vitest';
import { LabelSet } from '../../server/src/labels/label-set.entity.js';
import { createBaseLabelSets } from '../../server/src/labels/base-label-sets.js';
import { readLabels } from '../../server/src/labels/label-store.js';
import { Dataset } from '../../server/src/datasets/dataset.entity.js';
import { migrations } from '../../server/src/database/data-source.js';
import { CreateLabelSets1795569700000 } from '../../migrations/1795569700000-create-label-sets.js';
import { emptyDatabase, testDatabase, type TestDatabase } from '../support/database.js';
import { seedDataset, seedRun } from '../support/seed-run.js';

let old: TestDatabase;
beforeAll(async () => {
  old = await emptyDatabase();
});
afterAll(() => old?.drop());

/** Tables of before the migration, filled with the rows of a database of today. */
async function fillWithoutLabelSets(from: TestDatabase): Promise<void> {
  for (const table of ['dataset', 'sample', 'model', 'training_run']) {
    const columns: { name: string }[] = await old.dataSource.query(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position`,
      [table],
    );
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const rows: { json: unknown }[] = await from.dataSource.query(`SELECT to_jsonb(t) AS json FROM ${table} t`);
    await old.dataSource.query(
      `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
      [JSON.stringify(rows.map(({ json }) => json))],
    );
  }
}

test('data sets and runs that were there get the label sets that an import makes today', async () => {
  const { dataSource } = old;
  const number = (name: string): number => Number(name.slice(-13));
  const andLater = migrations.filter(({ name }) => number(name) >= number(CreateLabelSets1795569700000.name));
  await dataSource.runMigrations();
  for (const _ of andLater) await dataSource.undoLastMigration();

  const today = await testDatabase();
  try {
    const seeded = await seedDataset(today.dataSource, { name: 'all known' });
    const bare = await seedDataset(today.dataSource, { name: 'given only', clean: false, votes: false });
    const { run } = await seedRun(today.dataSource, bare, { epochs: 0 });
    await today.dataSource.query(`UPDATE sample SET votes = '{3,3,1}' WHERE "index" = 4 AND dataset_row = $1`, [
      seeded.dataset.row,
    ]);
    await fillWithoutLabelSets(today);
    await dataSource.runMigrations();

    await today.dataSource.query('TRUNCATE label_set CASCADE');
    for (const { row } of [seeded.dataset, bare.dataset]) {
      const dataset = await today.dataSource.getRepository(Dataset).findOneByOrFail({ row });
      await today.dataSource.transaction((manager) => createBaseLabelSets(manager, dataset));
      const [migrated, made] = await Promise.all(
        [dataSource, today.dataSource].map((source) =>
          source.getRepository(LabelSet).find({ where: { datasetRow: row }, order: { row: 'ASC' } }),
        ),
      );
      const comparable = (sets: LabelSet[]): object[] => sets.map(({ row: _, createdAt: __, ...rest }) => rest);
      expect(comparable(migrated!)).toEqual(comparable(made!));
      for (const [place, set] of migrated!.entries()) {
        expect(await readLabels(dataSource.manager, set.row)).toEqual(
          await readLabels(today.dataSource.manager, made![place]!.row),
        );
      }
    }
    const [row] = await dataSource.query(
      `SELECT s.kind, s.dataset_row FROM training_run r JOIN label_set s ON s."row" = r.label_set_row WHERE r."row" = $1`,
      [run.row],
    );
    expect(row).toEqual({ kind: 'GIVEN', dataset_row: bare.dataset.row });
  } finally {
    await today.drop();
  }
});
