import { useRef, useState } from 'react';
import { sendUpload } from './send-upload';

export interface UploadUnderWay {
  /** 0 to 1; null while nothing is sent. */
  sent: number | null;
  /** The id of the upload. @throws Error with what the server said. */
  send(file: File): Promise<string>;
  stop(): void;
}

/** One upload at a time, with its progress. */
export function useUpload(): UploadUnderWay {
  const [sent, setSent] = useState<number | null>(null);
  const controller = useRef<AbortController | null>(null);
  const send = async (file: File): Promise<string> => {
    controller.current = new AbortController();
    try {
      setSent(0);
      return (await sendUpload(file, setSent, controller.current.signal)).id;
    } finally {
      setSent(null);
    }
  };
  return { sent, send, stop: () => controller.current?.abort() };
}
