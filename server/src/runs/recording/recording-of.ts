import type { Dataset } from '../../datasets/dataset.entity.js';
import { InvalidInputError } from '../../errors.js';
import { mostEpochs } from '../settings/network-settings.js';
import type { RecordRunInput } from './record-run-input.js';
import type { Recording } from './recording.js';

const longestText = 20_000;

/** What is kept of what a recorder says of its run. @throws InvalidInputError */
export function recordingOf(input: RecordRunInput, { classes }: Dataset): Recording {
  const own = input.classes ?? null;
  if (own && (own.length !== classes.length || classes.some((name) => !own.includes(name))))
    throw new InvalidInputError('input.classes', `${classes.join(', ')}, in any order`, own);
  const fusion = input.fusion ?? null;
  if (fusion && !(fusion.minimum >= 0 && fusion.maximum <= 1 && fusion.minimum <= fusion.maximum))
    throw new InvalidInputError('input.fusion', '0 <= minimum <= maximum <= 1', fusion);
  const epochs = input.epochs ?? null;
  if (epochs !== null) checkEpochNumber(epochs, 'input.epochs');
  const configuration = input.configuration ?? {};
  if (JSON.stringify(configuration).length > longestText)
    throw new InvalidInputError('input.configuration', `at most ${longestText} characters of JSON`, '...');
  const text = (name: 'method' | 'framework' | 'code' | 'device' | 'seed' | 'notes'): string | null => {
    const value = input[name]?.trim() || null;
    if (value && value.length > longestText)
      throw new InvalidInputError(`input.${name}`, `at most ${longestText} characters`, `${value.length}`);
    return value;
  };
  return {
    capture: input.capture,
    method: text('method'),
    framework: text('framework'),
    code: text('code'),
    device: text('device'),
    seed: text('seed'),
    configuration,
    notes: text('notes'),
    classes: own && own.some((name, place) => name !== classes[place]) ? own : null,
    epochs,
    fusion,
  };
}

/** @throws InvalidInputError */
export function checkEpochNumber(epoch: number, path = 'epoch'): void {
  if (!Number.isInteger(epoch) || epoch < 1 || epoch > mostEpochs)
    throw new InvalidInputError(path, `a whole number from 1 to ${mostEpochs}; epochs are counted from 1`, epoch);
}
