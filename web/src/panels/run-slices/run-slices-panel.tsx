'use client';
import { useQuery } from '@apollo/client/react';
import { NativeSelect } from '@mantine/core';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { RunSlicesDocument, type RunSlicesQuery, type Split } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { compact, integer, percent } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';

type Report = NonNullable<NonNullable<RunSlicesQuery['trainingRun']>['slices']>;

const usual: readonly Split[] = ['TEST', 'VALIDATION', 'TRAIN'];

/** Samples that share something and on which the run errs more often than elsewhere. */
export function RunSlicesPanel({ run: id }: { run: string }): ReactNode {
  const [split, setSplit] = useState<Split>('VALIDATION');
  const { data, previousData, error, refetch } = useQuery(RunSlicesDocument, { variables: { id, split } });
  const run = (data ?? previousData)?.trainingRun;
  useRefetchOn(run ? (run.newest?.number ?? 0) : undefined, refetch);
  if (run && !run.newest) return null;
  const known = run?.dataset.splits.map((one) => one.split) ?? [];
  return (
    <Panel
      title="Where it errs"
      note={run?.slices ? `worst slices of ${integer(run.slices.looked)}` : undefined}
      aside={
        <NativeSelect
          size="xs"
          aria-label="Split of the slices"
          value={split}
          data={usual.filter((one) => known.includes(one)).map((one) => ({ value: one, label: one.toLowerCase() }))}
          onChange={(event) => setSplit(event.currentTarget.value as Split)}
        />
      }
    >
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !run ? (
        <Loading height={160} />
      ) : run.slices ? (
        <Slices report={run.slices} />
      ) : (
        <p className="plot-note">There is nothing of this split.</p>
      )}
    </Panel>
  );
}

function Slices({ report }: { report: Report }): ReactNode {
  const { slices, errorRate, interval, samples, looked, correction } = report;
  return (
    <>
      <Table label="Worst slices">
        <thead>
          <tr>
            <th scope="col">Samples with</th>
            <th scope="col" data-number>
              Errors
            </th>
            <th scope="col" data-number>
              95 % interval
            </th>
            <th scope="col" data-number title={`Fisher's exact test, corrected by ${correction} for ${looked} slices`}>
              p
            </th>
          </tr>
        </thead>
        <tbody>
          {slices.map((slice) => (
            <tr key={`${slice.attribute} ${slice.value}`}>
              <th scope="row">
                {slice.attribute}: {slice.value}
                <div className="plot-note">
                  {integer(slice.samples)} samples
                  {slice.examples.slice(0, 3).map(({ id }, place) => (
                    <span key={id}>
                      {place === 0 ? ', e.g. ' : ', '}
                      <Link href={routes.sample(id)}>{id.replace('sample_', '')}</Link>
                    </span>
                  ))}
                </div>
              </th>
              <td data-number>{percent(slice.errorRate)}</td>
              <td data-number>
                {percent(slice.interval.lower, 0)} to {percent(slice.interval.upper, 0)}
              </td>
              <td data-number style={slice.corrected < 0.05 ? { fontWeight: 700 } : undefined}>
                {compact(slice.corrected)}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="plot-note">
        {slices.length === 0 && 'No slice of at least 20 samples errs more often than the whole. '}
        Over all {integer(samples)}: {percent(errorRate)} ({percent(interval.lower, 0)} to {percent(interval.upper, 0)},
        Wilson). p: Fisher’s exact test, corrected by {correction} for the {integer(looked)} slices looked at; bold
        below 0.05.
      </p>
    </>
  );
}
