import { serverPath } from './address';

/** Sends a file to the server. @returns the id that a mutation takes. @throws Error with what the server said. */
export async function uploadFile(file: File): Promise<string> {
  const response = await fetch(serverPath(`/uploads?name=${encodeURIComponent(file.name)}`), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
  const answer = (await response.json().catch(() => null)) as { id?: string; error?: { message: string } } | null;
  if (!response.ok || !answer?.id)
    throw new Error(answer?.error?.message ?? `The server refused the file (status ${response.status}).`);
  return answer.id;
}
