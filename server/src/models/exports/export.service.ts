import { stat } from 'node:fs/promises';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Checkpoint } from '../checkpoint.entity.js';
import type { CheckpointFiles } from '../checkpoints/checkpoint-files.js';
import { encodePytorch } from '../checkpoints/pytorch/write-pytorch.js';
import { encodeSafetensors } from '../checkpoints/safetensors.js';
import { authorsCheckpoint } from '../checkpoints/weights/authors-checkpoint.js';
import { writePieces } from '../checkpoints/write-pieces.js';
import type { Model } from '../model.entity.js';
import { readCheckpointWeights, wholeNetwork } from './checkpoint-weights.js';
import { ExportFormat, exportNames } from './export-format.js';
import { encodeOnnx } from './onnx-export.js';

/** A checkpoint as a file to download. */
export interface ExportedFile {
  /** Absolute. */
  path: string;
  /** What it is to be called. */
  fileName: string;
  sha256: string;
  bytes: number;
}

/** Changes when the same checkpoint would give other bytes. */
const exportVersion = 1;

/** Makes files of checkpoints when they are first asked for, and keeps them below `<data directory>/exports`. */
export class ExportService {
  /** Under way; two who ask at once get one file. */
  private readonly making = new Map<string, Promise<{ sha256: string; bytes: number }>>();

  constructor(
    private readonly directory: string,
    private readonly files: CheckpointFiles,
  ) {}

  /**
   * @param checkpoint with its model. @throws PlatformError NOT_A_NETWORK: of a backbone only SAFETENSORS can be had.
   */
  async export(checkpoint: Checkpoint, format: ExportFormat): Promise<ExportedFile> {
    const { slug, extension } = exportNames[format];
    const file = path.join(this.directory, `${checkpoint.sha256}-v${exportVersion}.${extension}`);
    const known = await this.known(file);
    const written = known ?? (await this.once(file, () => this.make(file, checkpoint, format)));
    const { model } = checkpoint;
    const name = `${model.family}-v${model.version}-${checkpoint.kind.toLowerCase()}-epoch-${checkpoint.epoch}`.replace(
      /[^\w.-]+/g,
      '_',
    );
    return { path: file, fileName: `${name}.${format === ExportFormat.SAFETENSORS ? slug : extension}`, ...written };
  }

  private async known(file: string): Promise<{ sha256: string; bytes: number } | null> {
    const sha256 = await readFile(`${file}.sha256`, 'utf8').catch(() => null);
    const found = sha256 === null ? null : await stat(file).catch(() => null);
    return sha256 !== null && found ? { sha256, bytes: found.size } : null;
  }

  private once(
    file: string,
    make: () => Promise<{ sha256: string; bytes: number }>,
  ): Promise<{ sha256: string; bytes: number }> {
    const underWay = this.making.get(file) ?? make().finally(() => this.making.delete(file));
    this.making.set(file, underWay);
    return underWay;
  }

  private async make(
    file: string,
    checkpoint: Checkpoint,
    format: ExportFormat,
  ): Promise<{ sha256: string; bytes: number }> {
    const written = await writePieces(file, await this.encode(checkpoint, format));
    await writeFile(`${file}.sha256`, written.sha256);
    return written;
  }

  private async encode(checkpoint: Checkpoint, format: ExportFormat): Promise<Uint8Array[]> {
    const { model } = checkpoint;
    const weights = await readCheckpointWeights(this.files, model, checkpoint);
    const metadata = metadataOf(model, checkpoint);
    if (format === ExportFormat.SAFETENSORS) {
      const tensors = new Map(weights.tensors);
      if (weights.classDistributions)
        tensors.set('classDistributions', {
          shape: [model.classes.length, model.classes.length],
          data: weights.classDistributions,
        });
      return encodeSafetensors(tensors, metadata);
    }
    const { config, tensors, classDistributions, architecture } = wholeNetwork(weights, model);
    if (format === ExportFormat.PYTORCH)
      return encodePytorch(
        authorsCheckpoint({
          architecture,
          classes: config.classes,
          tensors,
          classDistributions,
          epoch: checkpoint.epoch,
        }),
      );
    return encodeOnnx(config, tensors, format === ExportFormat.ONNX_NHWC ? 'NHWC' : 'NCHW', metadata);
  }
}

/** Texts, as safetensors and ONNX keep them. */
function metadataOf(model: Model, checkpoint: Checkpoint): Record<string, string> {
  return {
    format: 'ada-df/1',
    kind: model.kind,
    family: model.family,
    version: String(model.version),
    epoch: String(checkpoint.epoch),
    backbone: model.backbone,
    width: String(model.width),
    classes: JSON.stringify(model.classes),
    imageSize: String(model.imageSize),
    checkpointSha256: checkpoint.sha256,
  };
}
