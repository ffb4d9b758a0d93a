'use client';
import { Button, FileButton } from '@mantine/core';
import { useEffect, useState, type DragEvent, type ReactNode } from 'react';
import { Camera } from './camera';
import styles from './predict-image.module.css';

const accepted = 'image/jpeg,image/png,image/webp,image/tiff';

interface SourcesProps {
  onFiles: (files: readonly File[]) => void;
}

/** Drop, paste, choose, or look into the camera. */
export function ImageSources({ onFiles }: SourcesProps): ReactNode {
  const [over, setOver] = useState(false);
  const [camera, setCamera] = useState(false);
  usePaste(onFiles);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
  };
  return (
    <div
      className={styles.drop}
      data-over={over || undefined}
      data-testid="predict-drop"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>Drop pictures here, paste one (Ctrl-V), or</span>
      <FileButton
        accept={accepted}
        multiple
        onChange={(files) => files.length > 0 && onFiles(files)}
        inputProps={{ 'aria-label': 'Pictures', ...({ 'data-testid': 'predict-file' } as object) }}
      >
        {(props) => <Button {...props}>Choose pictures</Button>}
      </FileButton>
      <Button variant="default" aria-expanded={camera} onClick={() => setCamera(!camera)}>
        {camera ? 'Close the camera' : 'Camera'}
      </Button>
      {camera && <Camera onPicture={(file) => onFiles([file])} />}
    </div>
  );
}

/** Pictures of the clipboard, unless the reader pastes into a field. */
function usePaste(onFiles: SourcesProps['onFiles']): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable]')) return;
      const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith('image/'));
      if (files.length > 0) onFiles(files);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [onFiles]);
}
