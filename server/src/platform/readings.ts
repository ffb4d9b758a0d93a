import type { Readings } from '../untrusted/serve-readings.js';

/** Everything that is read in processes of its own. Each is loaded when it is first asked for. */
export const readings: Readings = {
  picture: async () => (await import('../datasets/images/image-picture.js')).pictureReading,
  'image views': async () => (await import('../predictions/image-views.js')).imageViewsReading,
  weights: async () => (await import('../models/checkpoints/weights/weights-reading.js')).weightsReading,
  'recorded body': async () => (await import('../runs/recording/bodies/body-reading.js')).bodyReading,
  formats: async () => (await import('../datasets/imports/formats-reading.js')).formatsReading,
  import: async () => (await import('./import-reading.js')).importReading,
};
