import { type ChildProcess, fork } from 'node:child_process';
import { PlatformError } from '../errors.js';
import type { PredictorAnswer, PredictorRequest, PredictorSettings } from './predictor-messages.js';
import type { LoadableNetwork, Prediction, Predictor, Saliency } from './predictor.js';

/** A process that was asked nothing for this long ends: engine and networks hold some hundreds of megabytes. */
const idleMilliseconds = 60_000;
/** Longer than starting the engine and the slowest forward pass of one image take. */
const answerMilliseconds = 60_000;

export interface PredictorProcessOptions extends PredictorSettings {
  /** JavaScript file whose process calls `servePredictions`. */
  file: string;
  log: (line: string) => void;
  idle?: number;
}

interface Waiting {
  resolve(answer: PredictorAnswer): void;
  reject(error: Error): void;
}

/**
 * Predicts in a process of its own, started when it is first asked: tensor work holds a thread, and the API must not
 * wait for it.
 */
export class PredictorProcess implements Predictor {
  private child: ChildProcess | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private requests = 0;
  private idleTimer: NodeJS.Timeout | null = null;

  constructor(private readonly options: PredictorProcessOptions) {}

  async predict(network: LoadableNetwork, image: { pixels: Float32Array; size: number }): Promise<Prediction> {
    const answer = await this.askWithWeights(network, image, false);
    if (!('prediction' in answer)) throw askedTwice();
    return answer.prediction;
  }

  async explain(network: LoadableNetwork, image: { pixels: Float32Array; size: number }): Promise<Saliency> {
    const answer = await this.askWithWeights(network, image, true);
    if (!('saliency' in answer)) throw askedTwice();
    return answer.saliency;
  }

  private async askWithWeights(
    network: LoadableNetwork,
    { pixels, size }: { pixels: Float32Array; size: number },
    explain: boolean,
  ): Promise<PredictorAnswer> {
    let answer = await this.ask({ key: network.key, weights: null, pixels, size, explain });
    if ('needsWeights' in answer)
      answer = await this.ask({ key: network.key, weights: await network.read(), pixels, size, explain });
    if ('error' in answer) throw new PlatformError(answer.error.code, answer.error.message);
    return answer;
  }

  /** Whether a process runs now. */
  get running(): boolean {
    return this.child !== null;
  }

  async close(): Promise<void> {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    const { child } = this;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await ended;
  }

  private async ask(request: Omit<PredictorRequest, 'id'>): Promise<PredictorAnswer> {
    const child = this.start();
    const id = ++this.requests;
    if (this.idleTimer) clearTimeout(this.idleTimer);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<PredictorAnswer>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        timer = setTimeout(() => {
          reject(
            new PlatformError(
              'PREDICTION_FAILED',
              `The predictor did not answer within ${answerMilliseconds / 1000} s.`,
            ),
          );
          child.kill('SIGKILL');
        }, answerMilliseconds);
        child.send({ ...request, id } satisfies PredictorRequest, (error) => error && reject(ended(error.message)));
      });
    } finally {
      clearTimeout(timer);
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.endWhenIdle();
    }
  }

  private start(): ChildProcess {
    if (this.child) return this.child;
    const { file, backend, threads, log } = this.options;
    const child = fork(file, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log(`predictor: ${text.trimEnd()}`));
    child.on('message', (answer: PredictorAnswer) => this.waiting.get(answer.id)?.resolve(answer));
    child.on('error', (error) => log(`predictor: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (this.child === child) this.child = null;
      for (const one of this.waiting.values()) one.reject(ended(signal ?? `exit code ${code}`));
    });
    child.send({ backend, threads } satisfies PredictorSettings);
    this.child = child;
    return child;
  }

  private endWhenIdle(): void {
    this.idleTimer = setTimeout(() => {
      this.child?.kill('SIGTERM');
      this.child = null;
    }, this.options.idle ?? idleMilliseconds);
    this.idleTimer.unref();
  }
}

const ended = (why: string): PlatformError =>
  new PlatformError('PREDICTION_FAILED', `The predictor ended (${why}); ask again.`);

const askedTwice = (): PlatformError =>
  new PlatformError('PREDICTION_FAILED', 'The predictor asked twice for the same weights.');
