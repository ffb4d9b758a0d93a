import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { principalComponents, project } from '../../metrics/principal-components.js';

/** N samples with their features, to be reduced. */
export interface FeaturesToReduce {
  /** `[N * D]`, every number finite. */
  rows: Float32Array;
  width: number;
  seed: number;
}

export interface ReducedFeatures {
  /** `[N * K]`, K at most `mostComponents`. */
  components: Float32Array;
  count: number;
  /** Share of the variance that the components keep. */
  varianceKept: number;
  /** `[N * 2]` */
  places: Float32Array;
}

/** What UMAP is given: beyond that its neighbours hardly change, and it takes as long as it has numbers. */
const mostComponents = 50;
const neighbours = 15;

/** What of embedding-atlas is used. Its package exports pages for browsers alone, so the module is imported by its file. */
interface UmapModule {
  createUMAP(
    count: number,
    inputDim: number,
    outputDim: number,
    data: Float32Array,
    options: { seed: number; nNeighbors: number },
  ): Promise<{ readonly embedding: Float32Array; run(): Promise<void>; destroy(): void }>;
}

async function umapModule(): Promise<UmapModule> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('embedding-atlas'));
  return (await import(pathToFileURL(path.join(folder, 'umap.js')).href)) as UmapModule;
}

/** Principal components, then UMAP of them. With fewer than four samples the first two components are the places. */
export async function reduceFeatures({ rows, width, seed }: FeaturesToReduce): Promise<ReducedFeatures> {
  const samples = rows.length / width;
  const found = principalComponents(rows, width, { count: mostComponents, seed });
  const count = found.directions.length;
  const components = project(rows, width, found);
  const varianceKept = found.shares.reduce((sum, share) => sum + share, 0);
  if (samples < 4 || count < 2) {
    const places = new Float32Array(samples * 2);
    for (let n = 0; n < samples; n++)
      for (let k = 0; k < Math.min(2, count); k++) places[2 * n + k] = components[n * count + k];
    return { components, count, varianceKept, places };
  }
  const options = { seed, nNeighbors: Math.min(neighbours, samples - 1) };
  const umap = await (await umapModule()).createUMAP(samples, count, 2, components.slice(), options);
  try {
    await umap.run();
    return { components, count, varianceKept, places: Float32Array.from(umap.embedding) };
  } finally {
    umap.destroy();
  }
}
