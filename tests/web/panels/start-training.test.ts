import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { describe, expect, test } from 'vitest';
import { serverErrors, wordsBeside } from '../../../web/src/panels/start-training/server-errors';
import {
  emptyForm,
  inputOf,
  rangeOf,
  startValue,
  typedOf,
  type FormState,
  type Setting,
} from '../../../web/src/panels/start-training/settings-form';

const setting = (part: Partial<Setting> & Pick<Setting, 'name' | 'kind'>): Setting => ({
  label: part.name,
  symbol: null,
  unit: null,
  sentence: '',
  group: 'OPTIMISATION',
  minimum: null,
  maximum: null,
  multipleOf: null,
  default: null,
  off: null,
  choices: null,
  presets: [],
  recipes: [],
  ...part,
});
const settings = [
  setting({
    name: 'epochs',
    kind: 'WHOLE_NUMBER',
    default: 20,
    minimum: 1,
    maximum: 1000,
    unit: 'epochs',
    recipes: [{ recipe: 'RAF_DB', value: 75 }],
  }),
  setting({ name: 'width', kind: 'WHOLE_NUMBER', default: 64, minimum: 8, maximum: 256, multipleOf: 8 }),
  setting({ name: 'learningRate', kind: 'NUMBER', default: 0.001 }),
  setting({ name: 'sharpening', kind: 'NUMBER', off: 'off' }),
  setting({ name: 'frozenStem', kind: 'FLAG', default: true }),
  setting({
    name: 'selection',
    kind: 'CHOICE',
    default: 'VALIDATION',
    presets: [{ preset: 'OFFICIAL_CODE', value: 'TEST' }],
  }),
];
const names = settings.map(({ name }) => name);
const form = (typed: FormState['typed'], more: Partial<FormState> = {}): FormState => ({
  ...emptyForm,
  dataset: 'dataset_1',
  typed,
  ...more,
});

describe('what is typed into the training form', () => {
  test('is sent as numbers, booleans and names; what is as it would be anyway is left to the server', () => {
    const typed = { width: '16', learningRate: '1e-3', frozenStem: 'false', selection: 'TEST', sharpening: '' };
    expect(inputOf(form(typed, { name: ' seed 3 ', labelSet: 'labelset_2' }), settings)).toEqual({
      input: {
        dataset: 'dataset_1',
        name: 'seed 3',
        labelSet: 'labelset_2',
        width: 16,
        learningRate: 0.001,
        frozenStem: false,
        selection: 'TEST',
        sharpening: null,
      },
      problems: {},
    });
    expect(inputOf(form({}), settings).input).toEqual({ dataset: 'dataset_1' });
  });

  test('is named beside its field where it is no number, all of it at once', () => {
    expect(inputOf(form({ epochs: '2.5', learningRate: 'high', width: '' }), settings).problems).toEqual({
      epochs: 'expected a whole number',
      learningRate: 'expected a number',
      width: 'expected a number',
    });
  });

  test('out of range is for the server to refuse', () => {
    expect(inputOf(form({ epochs: '-4' }), settings)).toEqual({
      input: { dataset: 'dataset_1', epochs: -4 },
      problems: {},
    });
  });
});

describe('a setting that is not typed', () => {
  test('is as the protocol, else the recipe, else the default has it, and says whose it is', () => {
    const [epochs, , , , , selection] = settings as [Setting, Setting, Setting, Setting, Setting, Setting];
    expect(startValue(epochs, form({}))).toEqual({ value: 20, from: 'default' });
    expect(startValue(epochs, form({}, { recipe: 'RAF_DB' }))).toEqual({ value: 75, from: 'recipe' });
    expect(startValue(selection, form({}, { preset: 'OFFICIAL_CODE' }))).toEqual({ value: 'TEST', from: 'protocol' });
  });

  test('says its range, step and unit', () => {
    expect(settings.map(rangeOf)).toEqual(['1 to 1000, epochs', '8 to 256, a multiple of 8', '', '', '', '']);
  });
});

test('the settings of another run are typed where they are not the defaults', () => {
  const run = {
    epochs: 20,
    width: 16,
    learningRate: 0.001,
    sharpening: 1.2,
    frozenStem: false,
    selection: 'VALIDATION',
  };
  expect(typedOf(run, settings)).toEqual({ width: '16', sharpening: '1.2', frozenStem: 'false' });
});

describe('what the server refuses', () => {
  const refusal = (path: unknown, message: string): CombinedGraphQLErrors =>
    new CombinedGraphQLErrors({ errors: [{ message, extensions: { code: 'INVALID_INPUT', path } }] });

  test.each(['epochs', 'input.epochs', ['input', 'epochs']])('stands beside the field of path %j', (path) => {
    expect(serverErrors(refusal(path, 'input.epochs: expected an integer from 1 to 1000, found 0.'), names)).toEqual({
      fields: { epochs: 'expected an integer from 1 to 1000, found 0.' },
      form: [],
    });
  });

  test('says of a value that was left out what it should be, not that null was found', () => {
    const message = 'input.initialWeights: expected a face-recognition ResNet-18, import one, found null.';
    expect(wordsBeside(message)).toBe('expected a face-recognition ResNet-18, import one.');
    expect(wordsBeside('input.epochs: expected an integer, found 0.')).toBe('expected an integer, found 0.');
  });

  test('stands above the form where it is about no field', () => {
    expect(serverErrors(refusal('dataset', 'dataset: expected the id of a dataset.'), names).form).toEqual([
      'dataset: expected the id of a dataset.',
    ]);
    expect(serverErrors(new Error('The server does not answer'), names).form).toEqual(['The server does not answer']);
  });
});
