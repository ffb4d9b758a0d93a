import { createRequire, registerHooks } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';

const require = createRequire(import.meta.url);

/**
 * Registers the gradients of tfjs's operations. tfjs-core's build for Node leaves them out; they come with the package
 * as ES modules whose
 * imports carry no file ending, which Node does not resolve: a resolve hook adds it while they load. The registries and
 * the engine are
 * global objects of tfjs, so the second copy of its functions that this loads works on the same state.
 */
export function registerGradients(): void {
  if (tf.getGradient('Conv2D') !== undefined && tf.getGradient('Conv2D') !== null) return;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const insideCore =
        context.parentURL?.includes('/@tensorflow/tfjs-core/dist/') === true && specifier.startsWith('.');
      if (!insideCore) return next(specifier, context);
      return { ...next(specifier.endsWith('.js') ? specifier : `${specifier}.js`, context), format: 'module' };
    },
  });
  try {
    require('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  } finally {
    hooks.deregister();
  }
}
