import * as tf from '@tensorflow/tfjs-core';

/** Calls `pulse` before every kernel that tfjs runs in this thread: a step that holds the thread still shows signs of life. */
export function onEveryKernel(pulse: () => void): void {
  const engine = tf.engine() as unknown as { runKernelFunc(parameters: unknown): unknown };
  const run = engine.runKernelFunc.bind(engine);
  engine.runKernelFunc = (parameters) => {
    pulse();
    return run(parameters);
  };
}
