import type { EntityManager } from 'typeorm';
import { floatsOf } from '../../runs/recorded/columns.js';
import type { Split } from '../../split.js';

/** `[N * 2]` by split: where UMAP put the samples, by their positions; NaN for those without features. */
export type EmbeddedPlaces = ReadonlyMap<Split, Float32Array>;

/** Empty where the features of the epoch were not reduced. */
export async function readPlaces(manager: EntityManager, runRow: number, epoch: number): Promise<EmbeddedPlaces> {
  const rows: { split: Split; places: Buffer }[] = await manager.query(
    `SELECT p.split, p.places FROM embedding_part p JOIN embedding e ON e."row" = p.embedding_row
      WHERE e.run_row = $1 AND e.epoch = $2 AND e.state = 'COMPLETED'`,
    [runRow, epoch],
  );
  return new Map(rows.map(({ split, places }) => [split, floatsOf(places)]));
}

/** What neighbours are found in. */
export interface EmbeddedComponents {
  split: Split;
  /** Rows of `sample`, `[N]`, by position. */
  sampleRows: Int32Array;
  /** `[N * K]` */
  components: Float32Array;
}

/** Of every split; empty where the embedding is gone. */
export async function readComponents(manager: EntityManager, embeddingRow: number): Promise<EmbeddedComponents[]> {
  const rows: { split: Split; sample_rows: number[]; components: Buffer }[] = await manager.query(
    `SELECT p.split, s.sample_rows, p.components FROM embedding_part p JOIN embedding e ON e."row" = p.embedding_row
       JOIN run_split s ON s.run_row = e.run_row AND s.split = p.split WHERE p.embedding_row = $1 ORDER BY p.split`,
    [embeddingRow],
  );
  return rows.map(({ split, sample_rows, components }) => ({
    split,
    sampleRows: Int32Array.from(sample_rows),
    components: floatsOf(components),
  }));
}
