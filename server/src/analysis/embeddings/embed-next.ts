import type { DataSource } from 'typeorm';
import { readFeatures, type SplitFeatures } from '../../runs/recorded/features.js';
import { ThreadPool } from '../../threads.js';
import { Embedding, EmbeddingState } from './embedding.entity.js';
import { EmbeddingPart } from './embedding-part.entity.js';
import type { FeaturesToReduce, ReducedFeatures } from './reduce-features.js';

/** A worker that has not ended after this has died: another takes its embedding. */
const longestMinutes = 60;

/**
 * Reduces the features of the embedding that has waited longest, in a thread of its own, so that the worker goes on to
 * answer. @returns whether there was one. @param stop ends the thread; the embedding waits again.
 */
export async function embedNext(dataSource: DataSource, stop: AbortSignal): Promise<boolean> {
  const taken = await take(dataSource);
  if (!taken) return false;
  const embeddings = dataSource.getRepository(Embedding);
  const startedAt = performance.now();
  try {
    const features = await readFeatures(dataSource.manager, taken.runRow, taken.epoch);
    const { rows, width } = joined(features);
    const reduced = await reduceInThread({ rows, width, seed: taken.seed }, stop);
    await dataSource.transaction(async (manager) => {
      await manager.delete(EmbeddingPart, { embeddingRow: taken.row });
      for (const part of partsOf(features, reduced))
        await manager.getRepository(EmbeddingPart).insert({ embeddingRow: taken.row, ...part });
      const { count: components, varianceKept } = reduced;
      const facts = { featureCount: width, components, varianceKept, error: null };
      const seconds = (performance.now() - startedAt) / 1000;
      await manager.update(Embedding, { row: taken.row }, { ...facts, seconds, state: EmbeddingState.COMPLETED });
    });
  } catch (error) {
    const failed = { state: EmbeddingState.FAILED, error: error instanceof Error ? error.message : String(error) };
    await embeddings.update({ row: taken.row }, stop.aborted ? { state: EmbeddingState.QUEUED } : failed);
  }
  return true;
}

async function take(dataSource: DataSource): Promise<Embedding | null> {
  const [rows]: [{ row: number }[], number] = await dataSource.query(
    `UPDATE embedding SET state = 'RUNNING', taken_at = now() WHERE "row" = (
       SELECT "row" FROM embedding
        WHERE state = 'QUEUED' OR (state = 'RUNNING' AND taken_at < now() - make_interval(mins => $1))
        ORDER BY "row" LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING "row"`,
    [longestMinutes],
  );
  return rows[0] ? dataSource.getRepository(Embedding).findOneBy({ row: rows[0].row }) : null;
}

async function reduceInThread(task: FeaturesToReduce, stop: AbortSignal): Promise<ReducedFeatures> {
  const thread = new ThreadPool<FeaturesToReduce, ReducedFeatures>(new URL('./reduce-thread.js', import.meta.url), 1);
  const end = (): void => void thread.close();
  stop.addEventListener('abort', end, { once: true });
  try {
    stop.throwIfAborted();
    return await thread.run(task);
  } finally {
    stop.removeEventListener('abort', end);
    await thread.close();
  }
}

/** The samples of every split that have features, one after the other. */
function joined(features: readonly SplitFeatures[]): { rows: Float32Array; width: number } {
  const width = features[0]?.width ?? 0;
  const known = features.map((split) => knownPositions(split));
  const samples = known.reduce((sum, { length }) => sum + length, 0);
  if (samples === 0 || features.some((split) => split.width !== width))
    throw new Error('The epoch has no features any more, or splits with different numbers of them.');
  const rows = new Float32Array(samples * width);
  let offset = 0;
  features.forEach(({ values }, part) => {
    for (const position of known[part]) {
      rows.set(values.subarray(position * width, (position + 1) * width), offset);
      offset += width;
    }
  });
  return { rows, width };
}

function knownPositions({ values, samples, width }: SplitFeatures): number[] {
  return Array.from({ length: samples }, (_, n) => n).filter((n) => !Number.isNaN(values[n * width]));
}

function partsOf(
  features: readonly SplitFeatures[],
  { components, count, places }: ReducedFeatures,
): Pick<EmbeddingPart, 'split' | 'components' | 'places'>[] {
  let row = 0;
  return features.map((split) => {
    const [ofSplit, drawn] = [split.samples * count, split.samples * 2];
    const kept = new Float32Array(ofSplit).fill(Number.NaN);
    const at = new Float32Array(drawn).fill(Number.NaN);
    for (const position of knownPositions(split)) {
      kept.set(components.subarray(row * count, (row + 1) * count), position * count);
      at.set(places.subarray(row * 2, (row + 1) * 2), position * 2);
      row++;
    }
    return { split: split.split, components: Buffer.from(kept.buffer), places: Buffer.from(at.buffer) };
  });
}
