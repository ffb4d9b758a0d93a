import { BACKEND_NAMES } from '../engine/started-backend.js';
import { type Engine, startEngine } from '../engine/engine.js';
import { messageOf, PlatformError } from '../errors.js';
import { LocalPredictor } from './local-predictor.js';
import type { PredictorAnswer, PredictorRequest, PredictorSettings } from './predictor-messages.js';

/** The other end of `PredictorProcess`: answers what comes over the channel of this process until it closes. */
export function servePredictions(): void {
  let predictor: Promise<LocalPredictor> | null = null;
  process.on('message', (message: PredictorSettings | PredictorRequest) => {
    if ('backend' in message) predictor = start(message).then((engine) => new LocalPredictor(engine));
    else void answer(predictor!, message).then((reply) => process.send?.(reply));
  });
  process.once('disconnect', () => process.exit(0));
}

function start({ backend, threads }: PredictorSettings): Promise<Engine> {
  const name = BACKEND_NAMES.find((one) => one === backend) ?? 'auto';
  return startEngine({ backend: name, threads, log: (line) => process.stderr.write(`${line}\n`) });
}

async function answer(
  starting: Promise<LocalPredictor>,
  { id, key, weights, pixels, size, explain }: PredictorRequest,
): Promise<PredictorAnswer> {
  try {
    const predictor = await starting;
    if (!weights && !predictor.has(key)) return { id, needsWeights: true };
    const network = { key, read: async () => weights! };
    if (explain) return { id, saliency: await predictor.explain(network, { pixels, size }) };
    return { id, prediction: await predictor.predict(network, { pixels, size }) };
  } catch (error) {
    return {
      id,
      error: { code: error instanceof PlatformError ? error.code : 'PREDICTION_FAILED', message: messageOf(error) },
    };
  }
}
