import { describe, expect, test } from 'vitest';
import { datasetSampleFilter, listQuery, runSampleList } from '../../../web/src/navigation/sample-list';
import { cellsFilter, cellsQuery } from '../../../web/src/panels/confusion/opinions';

const reader =
  (query: Record<string, string>) =>
  (name: string): string | null =>
    query[name] ?? null;

describe('a list of samples in the URL', () => {
  test('is read as filter and order', () => {
    const get = reader({
      split: 'TEST',
      given: 'fear',
      target: 'surprise',
      correct: 'false',
      order: 'MARGIN',
      direction: 'DESCENDING',
    });
    expect(runSampleList(get)).toEqual({
      filter: { split: 'TEST', givenLabel: 'fear', targetLabel: 'surprise', correct: false },
      orderBy: 'MARGIN',
      direction: 'DESCENDING',
      epoch: null,
    });
  });

  test('falls back to everything in the order of the data set where the URL makes no sense', () => {
    const get = reader({ split: 'HOLDOUT', correct: 'perhaps', order: 'BEAUTY', direction: 'SIDEWAYS' });
    expect(runSampleList(get)).toEqual({ filter: {}, orderBy: 'INDEX', direction: 'ASCENDING', epoch: null });
    expect(datasetSampleFilter(get)).toEqual({});
  });

  test('goes from list to sample unchanged, and takes nothing else along', () => {
    const query = { split: 'TEST', given: 'fear', order: 'MARGIN', list: 'run' };
    expect(listQuery(reader({ ...query, epoch: '3', measure: 'CLARK' }))).toEqual(query);
  });

  test('of a cell of the confusion matrix is the same by filter and by URL', () => {
    for (const [rows, columns] of [
      ['GIVEN', 'TARGET'],
      ['CLEAN', 'AUXILIARY'],
      ['VOTES', 'FUSED'],
    ] as const) {
      const cell = { split: 'VALIDATION', rows, columns, cells: [{ row: 'fear', column: 'anger' }] } as const;
      expect(runSampleList(reader(cellsQuery(cell))).filter).toEqual(cellsFilter(cell));
    }
  });
});
