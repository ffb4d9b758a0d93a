'use client';
import { Button, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { shownColumns, type Column } from './data-table';

interface ColumnChooserProps<Row> {
  columns: readonly Column<Row>[];
  shown: readonly string[] | null;
  onChange: (shown: readonly string[] | null) => void;
}

/** Which columns are shown. */
export function ColumnChooser<Row>({ columns, shown, onChange }: ColumnChooserProps<Row>): ReactNode {
  const visible = shownColumns(columns, shown).map((column) => column.key);
  return (
    <Menu closeOnItemClick={false} position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default">Columns</Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        {columns
          .filter((column) => !column.fixed)
          .map((column) => (
            <Menu.Item
              key={column.key}
              role="menuitemcheckbox"
              aria-checked={visible.includes(column.key)}
              leftSection={
                <span style={{ width: 12, display: 'inline-block' }}>{visible.includes(column.key) && '✓'}</span>
              }
              onClick={() =>
                onChange(
                  visible.includes(column.key) ? visible.filter((key) => key !== column.key) : [...visible, column.key],
                )
              }
            >
              {column.name}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onChange(null)}>As at first</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
