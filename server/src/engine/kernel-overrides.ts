import * as tf from '@tensorflow/tfjs-core';

/** Kernels put in place of a backend's own (or where it has none), so that all of them can be taken back. */
export class KernelOverrides {
  private readonly replaced = new Map<string, tf.KernelConfig | undefined>();

  constructor(private readonly backendName: string) {}

  set(kernelName: string, kernelFunc: tf.KernelFunc): void {
    const present = tf.getKernel(kernelName, this.backendName) ?? undefined;
    if (!this.replaced.has(kernelName)) this.replaced.set(kernelName, present);
    if (present !== undefined) tf.unregisterKernel(kernelName, this.backendName);
    tf.registerKernel({ kernelName, backendName: this.backendName, kernelFunc });
  }

  /** What stood in this kernel's place before the first `set`, or stands there now. */
  original(kernelName: string): tf.KernelConfig | undefined {
    return this.replaced.get(kernelName) ?? tf.getKernel(kernelName, this.backendName) ?? undefined;
  }

  restore(): void {
    for (const [kernelName, config] of this.replaced) {
      tf.unregisterKernel(kernelName, this.backendName);
      if (config !== undefined) tf.registerKernel(config);
    }
    this.replaced.clear();
  }
}
