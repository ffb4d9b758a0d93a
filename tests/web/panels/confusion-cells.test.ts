import { describe, expect, test } from 'vitest';
import { cellsFilter, cellsQuery, readCells, writeCells } from '../../../web/src/panels/confusion/opinions';
import { runSampleList } from '../../../web/src/navigation/sample-list';

const shared = { split: 'TEST', rows: 'GIVEN', columns: 'TARGET' } as const;
const classes = ['anger', 'fear>x', 'sad|ness'];

describe('chosen cells', () => {
  test('go through the query string whatever the classes are called', () => {
    const cells = [
      { row: 'anger', column: 'fear>x' },
      { row: 'sad|ness', column: null },
      { row: null, column: 'anger' },
    ];
    expect(readCells(writeCells(cells), classes)).toEqual(cells);
  });

  test('that no class has, or that are no cells, are left out', () => {
    expect(readCells('anger>joy|anger|*>*|anger>anger', classes)).toEqual([{ row: 'anger', column: 'anger' }]);
  });

  test('are a filter: one of them plainly, several as alternatives', () => {
    expect(cellsFilter({ ...shared, cells: [{ row: 'anger', column: null }] })).toEqual({
      split: 'TEST',
      givenLabel: 'anger',
    });
    const several = [
      { row: 'anger', column: 'anger' },
      { row: null, column: 'fear>x' },
    ];
    expect(cellsFilter({ ...shared, cells: several })).toEqual({
      split: 'TEST',
      or: [{ givenLabel: 'anger', targetLabel: 'anger' }, { targetLabel: 'fear>x' }],
    });
  });

  test('are the same filter on the page that lists samples', () => {
    const several = {
      ...shared,
      cells: [
        { row: 'anger', column: null },
        { row: null, column: 'fear>x' },
      ],
    };
    const query = new URLSearchParams(cellsQuery(several));
    expect(runSampleList((name) => query.get(name)).filter).toEqual({ split: 'TEST', and: [cellsFilter(several)] });
  });
});
