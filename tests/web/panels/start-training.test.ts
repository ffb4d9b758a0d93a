import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { describe, expect, test } from 'vitest';
import { inputOf, mainFields, methodFields, presets } from '../../../web/src/panels/start-training/fields';
import { serverErrors } from '../../../web/src/panels/start-training/server-errors';

const { values } = presets.standard;
const names = Object.keys(values);

describe('what is typed into the training form', () => {
  test('is sent as numbers, booleans and names; what is empty is left to the server', () => {
    expect(
      inputOf('dataset_1', {
        ...values,
        name: ' seed 3 ',
        width: '16',
        learningRate: '1e-3',
        frozenStem: 'false',
        augmentation: 'FLIP',
      }),
    ).toEqual({
      input: {
        dataset: 'dataset_1',
        name: 'seed 3',
        width: 16,
        learningRate: 0.001,
        frozenStem: false,
        augmentation: 'FLIP',
      },
    });
    expect(inputOf('dataset_1', values)).toEqual({ input: { dataset: 'dataset_1' } });
  });

  test('is named beside its field where it is no number', () => {
    expect(inputOf('dataset_1', { ...values, epochs: '2.5', threshold: 'high' })).toEqual({
      errors: { epochs: 'expected a whole number', threshold: 'expected a number' },
    });
  });

  test('out of range is for the server to refuse', () => {
    expect(inputOf('dataset_1', { ...values, epochs: '-4' })).toEqual({ input: { dataset: 'dataset_1', epochs: -4 } });
  });

  test('has a control for every setting', () => {
    expect([...mainFields, ...methodFields].map((field) => field.name).sort()).toEqual(
      names.filter((name) => name !== 'name' && name !== 'labelSet').sort(),
    );
  });
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

  test('stands above the form where it is about no field', () => {
    expect(serverErrors(refusal('dataset', 'dataset: expected the id of a dataset.'), names).form).toEqual([
      'dataset: expected the id of a dataset.',
    ]);
    expect(serverErrors(new Error('The server does not answer'), names).form).toEqual(['The server does not answer']);
  });
});
