'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { RunResultsDocument, type ResultRule, type RunResultsQuery } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { decimal, percent } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Failure } from '../../theme/states';
import { Term } from '../../theme/term';

const names: Record<ResultRule, string> = {
  BEST_ON_VALIDATION: 'Best on validation',
  LAST: 'Last epoch',
  MEAN_OF_LAST_FIVE: 'Mean of the last five',
  BEST_ON_TEST: 'Best on test',
};

/** What the run reached, by every usual way of choosing the epoch: the reader sees which of them is too good. */
export function RunResultsPanel({ run: id }: { run: string }): ReactNode {
  const { data, error, refetch } = useQuery(RunResultsDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.newest?.number ?? 0) : undefined, refetch);
  if (error && !run)
    return (
      <Panel title="Results">
        <Failure error={error} retry={refetch} />
      </Panel>
    );
  if (!run || run.results.length === 0) return null;
  return (
    <Panel
      title="Results"
      note="target branch against given labels"
      query={{ document: RunResultsDocument, variables: { id } }}
      flush
    >
      <Table label="Results">
        <thead>
          <tr>
            <th scope="col">Chosen by</th>
            <th scope="col" data-number>
              Epoch
            </th>
            <th scope="col" data-number>
              Validation
            </th>
            <th scope="col" data-number>
              Test
            </th>
            <th scope="col" data-number>
              <Term of="balancedAccuracy">Balanced</Term>
            </th>
            <th scope="col" data-number>
              <Term of="macroF1" />
            </th>
          </tr>
        </thead>
        <tbody>
          {run.results.map((result) => (
            <Result key={result.rule} result={result} />
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

type ResultOfRun = NonNullable<RunResultsQuery['trainingRun']>['results'][number];

function Result({ result }: { result: ResultOfRun }): ReactNode {
  return (
    <tr style={result.optimistic ? { color: 'var(--ink-3)' } : undefined}>
      <th scope="row">
        {names[result.rule]}
        {result.optimistic && <span title="The epoch was chosen by the accuracy it reports."> (optimistic)</span>}
      </th>
      <td data-number>
        {result.epochs.length === 1 ? result.epochs[0] : `${result.epochs[0]}–${result.epochs.at(-1)}`}
      </td>
      <td data-number>{percent(result.validationAccuracy)}</td>
      <td data-number>{percent(result.testAccuracy)}</td>
      <td data-number>{percent(result.testBalancedAccuracy)}</td>
      <td data-number>{decimal(result.testMacroF1)}</td>
    </tr>
  );
}
