import { PlatformError } from '../../errors.js';

/**
 * A file of weights that is damaged, of another format, or hostile. The message says what was expected, what was found
 * and where.
 */
export class CheckpointFormatError extends PlatformError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('CHECKPOINT_FORMAT', message, details);
  }
}
