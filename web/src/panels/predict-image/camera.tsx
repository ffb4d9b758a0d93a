'use client';
import { Alert, Button } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import styles from './predict-image.module.css';
import { errorWords } from '../../theme/error-words';

/** The camera of this computer. Its pictures go nowhere before the button is pressed. */
export function Camera({ onPicture }: { onPicture: (file: File) => void }): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let left = false;
    const start = async (): Promise<void> => {
      if (!navigator.mediaDevices)
        throw new Error('This browser gives no camera to this address: it takes https or this very machine.');
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user' } });
      if (left) stream.getTracks().forEach((track) => track.stop());
      else if (video.current) video.current.srcObject = stream;
    };
    start().catch((error: unknown) => setProblem(errorWords(error)));
    return () => {
      left = true;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  const take = (): void => {
    const source = video.current;
    if (!source || source.videoWidth === 0) return setProblem('The camera shows nothing yet.');
    const canvas = document.createElement('canvas');
    canvas.width = source.videoWidth;
    canvas.height = source.videoHeight;
    canvas.getContext('2d')!.drawImage(source, 0, 0);
    canvas.toBlob((blob) => blob && onPicture(new File([blob], 'camera.png', { type: 'image/png' })), 'image/png');
  };
  return (
    <div className={styles.camera}>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
      <video ref={video} autoPlay muted playsInline aria-label="What the camera sees" />
      <Button onClick={take}>Take a picture</Button>
    </div>
  );
}
