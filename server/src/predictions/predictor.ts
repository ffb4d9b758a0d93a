import type { AdaDfConfig } from '../ada-df/config.js';
import type { Evaluation } from '../models/forward-pass/forward-pass.js';
import type { NamedTensor } from '../models/checkpoints/safetensors.js';
import type { ImageViews } from './image-views.js';

/** Weights to predict with. Read only where `key` is not loaded yet. */
export interface LoadableNetwork {
  /** Equal for equal weights: the hash of their file. */
  key: string;
  read(): Promise<{ config: AdaDfConfig; tensors: Map<string, NamedTensor> }>;
}

export interface Prediction extends Pick<
  Evaluation,
  | 'labelDistributions'
  | 'targetDistributions'
  | 'auxiliaryAttention'
  | 'targetAttention'
  | 'auxiliaryLogits'
  | 'targetLogits'
  | 'auxiliaryFeatures'
  | 'targetFeatures'
> {
  /** Of the forward pass alone. */
  milliseconds: number;
  /** Where it was computed. */
  backend: string;
}

/** Where in one image a network finds what raises the logit of each class: Grad-CAM of both branches. */
export interface Saliency {
  /** Rows and columns of the last feature map. */
  height: number;
  width: number;
  /** `[height * width * C]` each, at least 0, in units of the logit. */
  auxiliary: Float32Array;
  target: Float32Array;
}

/** What a network says of the views of one image; where it is computed is nobody's business. */
export interface Predictor {
  predict(network: LoadableNetwork, image: Pick<ImageViews, 'pixels' | 'size'>): Promise<Prediction>;
  /** Of the first view. */
  explain(network: LoadableNetwork, image: Pick<ImageViews, 'pixels' | 'size'>): Promise<Saliency>;
  close(): Promise<void>;
}
