import type { ReactNode } from 'react';
import { DataTable, type Column } from '../../theme/data-table';
import { decimal, missing, percent } from '../../theme/format';
import type { Comparison } from './comparison';
import styles from './run-comparison.module.css';

type Row = Comparison['perClass'][number];

const columns: Column<Row>[] = [
  { key: 'class', name: 'Class', fixed: true, cell: (row) => row.class, value: (row) => row.class },
  {
    key: 'recall',
    name: 'Recall',
    cell: (row) => `${percent(row.recallBefore)} → ${percent(row.recallAfter)}`,
    number: true,
  },
  { key: 'before', name: 'F1', cell: (row) => decimal(row.f1Before), value: (row) => row.f1Before, number: true },
  { key: 'after', name: 'then', cell: (row) => decimal(row.f1After), value: (row) => row.f1After, number: true },
  {
    key: 'delta',
    name: 'Change',
    cell: (row) => (row.f1Delta === null ? missing : `${row.f1Delta > 0 ? '+' : ''}${row.f1Delta.toFixed(3)}`),
    value: (row) => row.f1Delta,
    number: true,
  },
];

export function PairClasses({ comparison }: { comparison: Comparison }): ReactNode {
  return (
    <section aria-label="By class">
      <h3 className={styles.heading}>By class</h3>
      <DataTable
        label="Classes, first and second run"
        rows={comparison.perClass}
        rowKey={(row) => row.class}
        columns={columns}
      />
    </section>
  );
}
