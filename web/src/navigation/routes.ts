/** Where things are shown. Ids are safe in a URL. */
export const routes = {
  overview: '/',
  datasets: '/datasets',
  importDataset: '/datasets/import',
  runs: '/runs',
  compare: (runs: readonly string[], query: Record<string, string> = {}): string =>
    withQuery('/runs/compare', { runs: runs.join(','), ...query }),
  explore: '/explore',
  review: (query: Record<string, string> = {}): string => withQuery('/review', query),
  experiments: '/experiments',
  models: '/models',
  api: '/graphiql',
  access: '/access',
  dataset: (id: string, query: Record<string, string> = {}): string => withQuery(`/datasets/${id}`, query),
  train: (query: Record<string, string> = {}): string => withQuery('/runs/new', query),
  run: (id: string): string => `/runs/${id}`,
  runSamples: (id: string, query: Record<string, string> = {}): string => withQuery(`/runs/${id}/samples`, query),
  sample: (id: string, query: Record<string, string> = {}): string => withQuery(`/samples/${id}`, query),
} as const;

export function withQuery(path: string, query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}
