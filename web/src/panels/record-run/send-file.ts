import { serverPath } from '../../graphql/address';
import type { Split } from '../../graphql/generated/graphql';

/** What a file brought, an epoch and split each. */
export interface Taken {
  epoch: number;
  split: Split;
  samples: number;
  columns: string[];
}

/** A file as another tool wrote it. @throws Error with the row and the key that do not fit. */
export async function sendFile(run: string, file: File, split: Split): Promise<Taken[]> {
  const parameters = new URLSearchParams({ name: file.name, split });
  const response = await fetch(serverPath(`/runs/${run}/files?${parameters}`), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
  const answer = (await response.json()) as Taken[] | { error: { message: string } };
  if ('error' in answer) throw new Error(`${file.name}: ${answer.error.message}`);
  return answer;
}

/** By the numbers in their names: epoch 10 comes after epoch 9. */
export function inOrder(files: readonly File[]): File[] {
  return files.toSorted((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
}
