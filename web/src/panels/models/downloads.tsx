import type { ReactNode } from 'react';
import { bytes } from '../../theme/format';
import type { ModelRow } from './model-row';
import styles from './models.module.css';

const formatNames: Readonly<Record<string, string>> = {
  SAFETENSORS: 'safetensors',
  PYTORCH: 'pth.tar',
  ONNX_NHWC: 'ONNX',
  ONNX_NCHW: 'ONNX (NCHW)',
};

interface DownloadsProps {
  checkpoint: ModelRow['checkpoints'][number];
  /** Backbones are taken as safetensors alone. */
  only: boolean;
}

export function Downloads({ checkpoint, only }: DownloadsProps): ReactNode {
  const files = checkpoint.exports.filter(({ format }) => !only || format === 'SAFETENSORS');
  return (
    <div className={styles.files}>
      <span className="numbers" title={`${bytes(checkpoint.bytes)}, sha256 ${checkpoint.sha256}`}>
        {checkpoint.kind.toLowerCase()}, epoch {checkpoint.epoch}, {bytes(checkpoint.bytes)}:
      </span>
      {files.map(({ format, url }) => (
        <a key={format} href={url} download>
          {formatNames[format] ?? format}
        </a>
      ))}
    </div>
  );
}
