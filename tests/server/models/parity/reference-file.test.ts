import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parityCommand } from '../../../../server/src/commands/parity.js';
import {
  parseReferenceFile,
  ParityFileError,
  readReferenceFile,
} from '../../../../server/src/models/parity/reference-file.js';

const path = fileURLToPath(new URL('../../../fixtures/parity/raf-64px.json', import.meta.url));
const text = await readFile(path, 'utf8');

type Json = Record<string, any>;
const altered = (change: (file: Json) => void): (() => unknown) => {
  const file = JSON.parse(text) as Json;
  change(file);
  return () => parseReferenceFile(JSON.stringify(file), 'raf.json');
};

describe('a parity file', () => {
  it('is read with every step', async () => {
    expect((await readReferenceFile(path)).steps).toHaveLength(3);
  });

  it.each<[string, (file: Json) => void, string]>([
    [
      'lacks a key',
      (file) => delete file.steps[1].kl,
      'raf.json: key "steps.1.kl": Invalid input: expected number, received undefined',
    ],
    [
      'has a text for a number',
      (file) => (file.config.threshold = 'high'),
      'key "config.threshold": Invalid input: expected number, received string',
    ],
    [
      'has a value out of range',
      (file) => (file.config.classes = 1),
      'key "config.classes": Too small: expected number to be >=2',
    ],
    [
      'has too few logits',
      (file) => file.eval.targetLogits.pop(),
      'key "eval.targetLogits": expected 56 values, found 55',
    ],
    ['has too few steps', (file) => file.steps.pop(), 'key "steps": expected 3 values, found 2'],
    [
      'has too long a matrix',
      (file) => file.mining.reference.push(0),
      'key "mining.reference": expected 49 values, found 50',
    ],
    [
      'has a label that is no class',
      (file) => (file.mining.labels[4] = 7),
      'key "mining.labels.4": expected a class below 7, found 7',
    ],
  ])('that %s is refused with file and key', (_, change, message) => {
    expect(altered(change)).toThrow(ParityFileError);
    expect(altered(change)).toThrow(message);
  });

  it('that lacks nearly everything is refused with its first problems and their number', () => {
    expect(() => parseReferenceFile('{"config": {"seed": 1}}', 'bare.json')).toThrow(
      /^bare\.json: key "config\.size": .*; key "config\.beta": [^;]*; and 13 more$/,
    );
  });

  it('that is not JSON, or not there, is refused by name', async () => {
    expect(() => parseReferenceFile('{"config": ', 'cut.json')).toThrow(/^cut\.json: is not JSON: /);
    await expect(readReferenceFile('/nowhere/raf.json')).rejects.toThrow('/nowhere/raf.json: cannot be read: ENOENT');
  });

  it('stops the command before anything is computed', async () => {
    await expect(parityCommand.parseAsync([path, '/nowhere/raf.json'], { from: 'user' })).rejects.toThrow(
      ParityFileError,
    );
  });
});
