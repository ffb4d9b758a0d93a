import type { ReactNode } from 'react';
import type { ImportJobRowFragment } from '../../graphql/generated/graphql';
import { integer } from '../../theme/format';
import styles from './import-jobs.module.css';

type Report = NonNullable<ImportJobRowFragment['report']>;

/** What an import that took nothing, or a dry run, read and left out. */
export function JobReport({ report }: { report: Report }): ReactNode {
  const { imported, skipped, classes, splits, notes, skippedByReason, skippedRows } = report;
  return (
    <div className={styles.report}>
      <p>
        {imported > 0
          ? `Would take ${integer(imported)} images of ${classes.length} classes (${classes.join(', ')})`
          : 'Nothing could be taken'}
        , {integer(skipped)} rows left out
        {splits.length > 0
          ? ` · ${splits.map(({ split, samples }) => `${split.toLowerCase()} ${integer(samples)}`).join(', ')}`
          : ''}
      </p>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
        {skippedByReason.map(({ reason, rows }) => (
          <li key={reason}>
            {integer(rows)} {rows === 1 ? 'row' : 'rows'}: {reason}
          </li>
        ))}
        {skippedRows.map(({ file, line, key, reason, detail }) => (
          <li key={`${file}:${line}:${key}`}>
            <code>
              {file}
              {line == null ? '' : `:${line}`}
            </code>
            {key === file ? '' : ` ${key ?? ''}`} {detail ?? reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
