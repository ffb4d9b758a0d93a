import type { AdaDfConfig } from '../ada-df/config.js';
import type { NamedTensor } from '../models/checkpoints/safetensors.js';
import type { Prediction, Saliency } from './predictor.js';

/** What the platform asks its predictor process. Typed arrays travel as they are (V8's serialisation). */
export interface PredictorRequest {
  id: number;
  key: string;
  /** Sent with a second request where the process answered that it does not have the network. */
  weights: { config: AdaDfConfig; tensors: Map<string, NamedTensor> } | null;
  pixels: Float32Array;
  size: number;
  /** What is asked; default: a prediction. */
  explain?: boolean;
}

export type PredictorAnswer =
  | { id: number; prediction: Prediction }
  | { id: number; saliency: Saliency }
  | { id: number; needsWeights: true }
  | { id: number; error: { code: string; message: string } };

/** First message of the platform. */
export interface PredictorSettings {
  backend: string;
  threads: number;
}
