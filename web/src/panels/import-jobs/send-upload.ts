import { serverPath } from '../../graphql/address';

export interface SentUpload {
  id: string;
  fileName: string;
  bytes: number;
}

/** Sends a file to `POST /uploads`; `fetch` would not say how far it is. @throws Error with what the server said. */
export function sendUpload(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<SentUpload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', serverPath(`/uploads?name=${encodeURIComponent(file.name)}`));
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const answer = answerOf(request.responseText);
      if (request.status === 201 && answer && 'id' in answer) resolve(answer);
      else
        reject(
          new Error(answer && 'error' in answer ? answer.error.message : `The server answered ${request.status}.`),
        );
    };
    request.onerror = () => reject(new Error('The upload was broken off: the server does not answer.'));
    request.onabort = () => reject(new Error('The upload was stopped.'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function answerOf(text: string): SentUpload | { error: { message: string } } | null {
  try {
    return JSON.parse(text) as SentUpload | { error: { message: string } };
  } catch {
    return null;
  }
}
