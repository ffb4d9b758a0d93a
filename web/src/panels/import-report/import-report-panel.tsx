'use client';
import { useLazyQuery, useQuery } from '@apollo/client/react';
import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ImportReportDocument, SkippedRowsDocument, type ImportReportQuery } from '../../graphql/generated/graphql';
import { integer, missing } from '../../theme/format';
import { Facts, Panel, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { Contents, Duplicates } from './contents';
import styles from './import-report.module.css';

const shownRows = 100;

export function ImportReportPanel({ dataset: id }: { dataset: string }): ReactNode {
  const { data, error, refetch } = useQuery(ImportReportDocument, { variables: { id } });
  const report = data?.dataset?.importReport;
  if (data && !report) return null;
  return (
    <Panel
      title="Import report"
      query={{ document: ImportReportDocument, variables: { id } }}
      span={5}
      note={report && `${integer(report.imported)} imported, ${integer(report.skipped)} skipped`}
    >
      {error && !report ? (
        <Failure error={error} retry={refetch} />
      ) : !report ? (
        <Loading height={240} />
      ) : (
        <Report report={report} dataset={id} />
      )}
    </Panel>
  );
}

type ReportData = NonNullable<ImportReportQuery['dataset']>['importReport'];

function Report({ report, dataset }: { report: ReportData; dataset: string }): ReactNode {
  return (
    <>
      <Facts facts={[['Source', <code key="source">{report.source}</code>]]} />
      {report.choices.length > 0 && (
        <dl className={styles.choices} aria-label="Choices made">
          {report.choices.map((choice) => (
            <div key={choice.name}>
              <dt>{choice.name}</dt>
              <dd>{choice.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {report.notes.length > 0 && (
        <Alert color="orange" mb={10} title="Worth knowing">
          <ul className={styles.leakage}>
            {report.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Alert>
      )}
      {report.contents && <Contents contents={report.contents} />}
      {report.duplicates && <Duplicates duplicates={report.duplicates} />}
      {report.skipped === 0 ? (
        <p className="plot-note">Nothing was skipped.</p>
      ) : (
        <>
          <Reasons reasons={report.skippedByReason} />
          <SkippedRows dataset={dataset} skipped={report.skipped} />
        </>
      )}
    </>
  );
}

function Reasons({ reasons }: { reasons: ReportData['skippedByReason'] }): ReactNode {
  return (
    <Table label="Skipped by reason">
      <thead>
        <tr>
          <th scope="col">Skipped because</th>
          <th scope="col" data-number>
            Rows
          </th>
        </tr>
      </thead>
      <tbody>
        {reasons.map(({ reason, rows }) => (
          <tr key={reason}>
            <th scope="row">{reason}</th>
            <td data-number>{integer(rows)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function SkippedRows({ dataset, skipped }: { dataset: string; skipped: number }): ReactNode {
  const [load, { data, loading, error }] = useLazyQuery(SkippedRowsDocument);
  const rows = data?.dataset?.importReport.skippedRows;
  const show = (): void => void load({ variables: { id: dataset, first: shownRows } });
  if (error) return <Failure error={error} retry={show} />;
  if (!rows)
    return (
      <Button mt={10} variant="light" loading={loading} onClick={show}>
        Show {skipped > shownRows ? `the first ${shownRows} of ${integer(skipped)}` : `all ${skipped}`} skipped rows
      </Button>
    );
  return (
    <div style={{ marginTop: 10, maxHeight: 260, overflowY: 'auto' }}>
      <Table label="Skipped rows">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" data-number>
              Line
            </th>
            <th scope="col">Key</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.file}:${row.line}:${row.key}`}>
              <td>{row.file}</td>
              <td data-number>{row.line ?? missing}</td>
              <td>{row.key ?? missing}</td>
              <td>
                {row.reason}
                {row.detail ? <span className="plot-weak"> ({row.detail})</span> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
