import type { EntityManager } from 'typeorm';
import { readSteps, stepNumbers } from './step-losses.js';

/** Digits that a float32 needs to be read back as it was. */
const digits = 9;
const linesAtOnce = 1000;

/** A header and a line a record, in blocks of text. `averaged` is 1 where a line is one step, else of how many it is the mean. */
export async function* stepsCsv(manager: EntityManager, runRow: number): AsyncGenerator<string> {
  let block = `epoch,step,averaged,${stepNumbers.join(',')}\n`;
  let lines = 0;
  for await (const step of readSteps(manager, runRow)) {
    const numbers = stepNumbers.map((name) => Number(step[name].toPrecision(digits)));
    block += `${[step.epoch, step.step, step.averaged, ...numbers].join(',')}\n`;
    if (++lines % linesAtOnce === 0) {
      yield block;
      block = '';
    }
  }
  yield block;
}
