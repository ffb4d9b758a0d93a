/** Where things are shown. Ids are safe in a URL. */
export const routes = {
  overview: '/',
  runs: '/runs',
  models: '/models',
  api: '/graphiql',
  importDataset: '/datasets/import',
  dataset: (id: string): string => `/datasets/${id}`,
  run: (id: string): string => `/runs/${id}`,
  runSamples: (id: string, query: Record<string, string> = {}): string => withQuery(`/runs/${id}/samples`, query),
  sample: (id: string, query: Record<string, string> = {}): string => withQuery(`/samples/${id}`, query),
} as const;

export function withQuery(path: string, query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}
