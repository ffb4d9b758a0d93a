import { CheckpointFormatError } from '../format-error.js';

/** What the machine was doing when it met something it does not take. */
export class PickleError extends CheckpointFormatError {
  constructor(file: string, offset: number, opcode: string, problem: string) {
    super(`${file}, byte ${offset}, opcode ${opcode}: ${problem}`, { file, offset, opcode });
  }
}
