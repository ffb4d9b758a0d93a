import type { DataSource } from 'typeorm';
import { ConflictError, InvalidInputError } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { nearestPoints } from '../../metrics/nearest-points.js';
import { checkSeed } from '../../random.js';
import { epochsWithFeatures } from '../../runs/recorded/features.js';
import { announce } from '../../runs/events/training-events.js';
import type { Split } from '../../split.js';
import type { AnalysisService } from '../samples/analysis.service.js';
import type { SampleAnalysis } from '../samples/sample-analysis.js';
import { checkNeighbours } from '../samples/neighbour.js';
import { requireRun } from '../samples/sample-analyses.js';
import { Embedding, EmbeddingState } from './embedding.entity.js';
import { type EmbeddedComponents, readComponents } from './read-embedding.js';

/** Embeddings kept in memory for neighbours: 60 MB each at 300,000 samples of 50 components. */
const mostKept = 3;

export interface FeatureNeighbour {
  distance: number;
  analysis: SampleAnalysis;
}

/** Asks workers to reduce features, and reads what they made. */
export class EmbeddingService {
  private readonly held = new Map<number, Promise<EmbeddedComponents[]>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly analysis: AnalysisService,
  ) {}

  byRow(row: number): Promise<Embedding | null> {
    return this.dataSource.getRepository(Embedding).findOneBy({ row });
  }

  /** By epoch. */
  ofRun(runRow: number): Promise<Embedding[]> {
    return this.dataSource.getRepository(Embedding).find({ where: { runRow }, order: { epoch: 'ASC' } });
  }

  epochs(runRow: number): Promise<number[]> {
    return epochsWithFeatures(this.dataSource.manager, runRow);
  }

  /**
   * Puts the features of an epoch in line; what is there with the same seed, or under way, is given back. @param epoch
   * null: the newest with features.
   */
  async request(id: string, epoch: number | null, seed: number): Promise<Embedding> {
    checkSeed(seed, 'seed');
    const row = rowOf('run', id, 'run');
    await requireRun(this.dataSource.manager, row);
    const epochs = await this.epochs(row);
    const wanted = epoch ?? epochs.at(-1) ?? null;
    if (epochs.length === 0 || wanted === null)
      throw new ConflictError(
        `Run ${id} has no features: runs keep those of their best and newest epoch from this version on; a recorded run sends them as \`features\`.`,
        { run: id },
      );
    if (!epochs.includes(wanted))
      throw new InvalidInputError('epoch', `an epoch whose features are kept: ${epochs.join(', ')}`, wanted);
    return this.dataSource.transaction(async (manager) => {
      const embeddings = manager.getRepository(Embedding);
      const before = await embeddings.findOneBy({ runRow: row, epoch: wanted });
      if (before && before.state !== EmbeddingState.FAILED && before.seed === seed) return before;
      if (before) await embeddings.delete({ row: before.row });
      const { row: made } = await embeddings.save(
        embeddings.create({ runRow: row, epoch: wanted, seed, state: EmbeddingState.QUEUED }),
      );
      // Wakes a worker that has nothing to do.
      await announce(manager, { run: row, kind: 'state' });
      return embeddings.findOneByOrFail({ row: made });
    });
  }

  /**
   * Nearest first; null where the features of the epoch were not reduced, or the sample has none. @throws
   * InvalidInputError for a wrong `first`.
   */
  async neighbours(analysis: SampleAnalysis, first: number, split: Split | null): Promise<FeatureNeighbour[] | null> {
    checkNeighbours(first);
    const { run, epoch, sampleRow } = analysis.facts;
    const found = await this.dataSource
      .getRepository(Embedding)
      .findOneBy({ runRow: run.row, epoch, state: EmbeddingState.COMPLETED });
    if (!found?.components) return null;
    const parts = await this.componentsOf(found.row);
    const own = parts.find((part) => part.split === analysis.facts.split);
    const place = analysis.facts.position;
    const of = own?.components.subarray(place * found.components, (place + 1) * found.components);
    if (!of || of.length === 0 || Number.isNaN(of[0])) return null;
    const nearest = parts
      .filter((part) => split === null || part.split === split)
      .flatMap((part) =>
        nearestPoints(part.components, of, first, part.split === own!.split ? place : -1).map(({ row, distance }) => ({
          sampleRow: part.sampleRows[row],
          distance,
        })),
      )
      .sort((a, b) => a.distance - b.distance || a.sampleRow - b.sampleRow)
      .filter((one) => one.sampleRow !== sampleRow)
      .slice(0, first);
    const analyses = await this.analysis.ofSamples(
      run.row,
      epoch,
      nearest.map((one) => one.sampleRow),
    );
    return nearest.flatMap(({ distance }, n) => (analyses[n] ? [{ distance, analysis: analyses[n] }] : []));
  }

  private componentsOf(embeddingRow: number): Promise<EmbeddedComponents[]> {
    const reading = this.held.get(embeddingRow) ?? readComponents(this.dataSource.manager, embeddingRow);
    this.held.delete(embeddingRow);
    this.held.set(embeddingRow, reading);
    reading.catch(() => this.held.delete(embeddingRow));
    if (this.held.size > mostKept) this.held.delete(this.held.keys().next().value!);
    return reading;
  }
}
