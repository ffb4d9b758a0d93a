import { serverPath } from '../address';
import type { OutboxEntry } from './entry';

/**
 * STORED: the server has it. REFUSED: it never will take it. AWAY: nobody answered, or not now; the entry is sent
 * again as it is.
 */
export type Delivery = { outcome: 'STORED' } | { outcome: 'REFUSED' | 'AWAY'; message: string };

/** Codes of answers that the same request would get again. */
const final = new Set(['INVALID_INPUT', 'NOT_FOUND', 'CONFLICT', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']);
const patienceMilliseconds = 20_000;

const decide = 'mutation Decide($input: RelabelSamplesInput!) { relabelSamples(input: $input) { id } }';
const undo =
  'mutation Undo($dataset: ID!, $batch: String!) { undoAnnotationBatch(dataset: $dataset, batch: $batch) { id } }';

/** Tells the server one entry. Never throws. */
export async function sendEntry(entry: OutboxEntry): Promise<Delivery> {
  const [query, variables] =
    entry.kind === 'undo'
      ? [undo, { dataset: entry.dataset, batch: entry.of }]
      : [
          decide,
          {
            input: {
              changes: entry.changes,
              labelSet: entry.labelSet,
              author: entry.author,
              note: entry.note,
              idempotencyKey: entry.key,
            },
          },
        ];
  try {
    const response = await fetch(serverPath('/graphql'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMilliseconds),
    });
    return deliveryOf((await response.json()) as Answer, entry);
  } catch (error) {
    return { outcome: 'AWAY', message: error instanceof Error ? error.message : String(error) };
  }
}

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
}

function deliveryOf({ data, errors }: Answer, entry: OutboxEntry): Delivery {
  const [error] = errors ?? [];
  if (!error)
    return data ? { outcome: 'STORED' } : { outcome: 'AWAY', message: 'The server gave an answer that says nothing.' };
  const code = error.extensions?.code ?? '';
  // What was refused when it was decided has nothing to take back.
  if (entry.kind === 'undo' && code === 'NOT_FOUND') return { outcome: 'STORED' };
  return { outcome: final.has(code) ? 'REFUSED' : 'AWAY', message: error.message };
}
