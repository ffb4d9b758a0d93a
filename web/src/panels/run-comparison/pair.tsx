'use client';
import { useQuery } from '@apollo/client/react';
import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { RunComparisonDocument, type ComparedLabels } from '../../graphql/generated/graphql';
import type { UrlState } from '../../navigation/url-state';
import { sumOf } from '../../plots/confusion-cells';
import { ConfusionMatrix } from '../../plots/confusion-matrix';
import { integer, percent, settingName } from '../../theme/format';
import { Facts, Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import type { Comparison, PairChoice } from './comparison';
import { letterOf, type ComparedRun } from './compared-run';
import { PairChanges } from './pair-changes';
import { PairClasses } from './pair-classes';
import { RunDifferences } from './run-differences';
import { thingsOf } from '../../theme/things';
import styles from './run-comparison.module.css';
import { WordsOf } from '../../theme/things-context';

const labelWords: Record<ComparedLabels, string> = {
  AFTER: 'both by the labels of the second',
  BEFORE: 'both by the labels of the first',
  OWN: 'each by its own labels',
};

/** Two of the runs, chosen in the address: by default the first and the last. */
export function ComparePair({ runs, url }: { runs: readonly ComparedRun[]; url: UrlState }): ReactNode {
  const one = runs.find(({ id }) => id === url.get('before')) ?? runs[0];
  const other = runs.find(({ id }) => id === url.get('after')) ?? runs.findLast(({ id }) => id !== one.id)!;
  const splits = one.dataset.splits.map(({ split }) => split);
  const split = splits.find((name) => name === url.get('split')) ?? (splits.includes('TEST') ? 'TEST' : splits[0]);
  const labels = url.oneOf('labels', ['AFTER', 'BEFORE', 'OWN'] as const);
  const choice = { before: one.id, after: other.id, split, labels };
  const choices = runs.map(({ id, name }, place) => ({ value: id, label: `${letterOf(place)} ${name}` }));
  return (
    <Panel
      title={`Two of them, ${thingsOf(one.dataset.classes).one} by ${thingsOf(one.dataset.classes).one}`}
      query={{ document: RunComparisonDocument, variables: choice }}
      aside={
        <>
          <NativeSelect
            aria-label="First run"
            value={one.id}
            data={choices}
            onChange={(event) => url.set({ before: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label="Second run"
            value={other.id}
            data={choices}
            onChange={(event) => url.set({ after: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label="Split"
            value={split}
            data={splits.map((value) => ({ value, label: `on ${value.toLowerCase()}` }))}
            onChange={(event) => url.set({ split: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label="Labels they are judged by"
            value={labels}
            data={(Object.keys(labelWords) as ComparedLabels[]).map((value) => ({ value, label: labelWords[value] }))}
            onChange={(event) => url.set({ labels: event.currentTarget.value })}
          />
        </>
      }
    >
      {one.dataset.id === other.dataset.id ? (
        <WordsOf things={thingsOf(one.dataset.classes)}>
          <Pair key={`${one.epochs.length} ${other.epochs.length}`} choice={choice} />
        </WordsOf>
      ) : (
        <p>They were trained on two data sets: they have no sample in common.</p>
      )}
    </Panel>
  );
}

/** What changed between two runs: accuracy with its interval, classes, and the faces. */
export function Pair({ choice }: { choice: PairChoice }): ReactNode {
  const { data, error, refetch } = useQuery(RunComparisonDocument, {
    variables: choice,
    fetchPolicy: 'cache-and-network',
  });
  const comparison = data?.runComparison;
  if (error && !comparison) return <Failure error={error} retry={refetch} />;
  if (!comparison) return <Loading height={260} />;
  return (
    <div data-testid="pair">
      <Verdict comparison={comparison} />
      <Facts facts={facts(comparison)} />
      <div className={styles.two}>
        <RunDifferences comparison={comparison} />
        <PairClasses comparison={comparison} />
        <Difference comparison={comparison} />
      </div>
      <PairChanges choice={choice} classes={comparison.classes} counts={comparison.counts} />
    </div>
  );
}

/** A sentence that says whether it helped, and how sure that is. */
function Verdict({
  comparison: { accuracyBefore, accuracyAfter, accuracyDifference: by },
}: {
  comparison: Comparison;
}): ReactNode {
  if (!by) return <p>They have no sample in common on this split.</p>;
  const points = (value: number): string => `${value > 0 ? '+' : ''}${(100 * value).toFixed(1)}`;
  const sure = by.low > 0 ? 'better' : by.high < 0 ? 'worse' : null;
  return (
    <p className={styles.verdict} data-sure={sure ?? 'open'}>
      <b>
        {percent(accuracyBefore)} → {percent(accuracyAfter)}
      </b>{' '}
      {points(by.difference)} points (95 %: {points(by.low)} to {points(by.high)}), p{' '}
      {by.p < 0.001 ? '< 0.001' : `= ${by.p.toFixed(3)}`}.{' '}
      {sure
        ? `On these samples the second is ${sure} by more than chance of the samples explains.`
        : 'On these samples the difference may be chance.'}{' '}
      <span className="plot-weak">Chance of the seed is not in it: several seeds show that.</span>
    </p>
  );
}

function facts({ counts, differences }: Comparison): (readonly [string, ReactNode])[] {
  return [
    ['Wrong, then right', integer(counts.mended)],
    ['Right, then wrong', integer(counts.broken)],
    ['Label changed', integer(counts.label + counts.both)],
    ['Prediction changed', integer(counts.prediction + counts.both)],
    ['What differs', differences.length === 0 ? 'nothing' : differences.map(differenceName).join(', ')],
  ];
}

const differenceNames: Readonly<Record<string, string>> = {
  labelSet: 'the labels',
  initialWeights: 'the weights at the start',
  backend: 'what computed it',
  codeVersion: 'version of the platform',
};

function differenceName(name: string): string {
  return differenceNames[name] ?? settingName(name);
}

/** [C, C] counts to shares of their rows; null in a row without samples. */
function sharesOf(matrix: readonly (readonly (number | null)[])[]): (number | null)[][] {
  return matrix.map((row) => {
    const whole = sumOf(row);
    return row.map((count) => (whole > 0 ? (count ?? 0) / whole : null));
  });
}

/** After less before, cell by cell. */
function Difference({ comparison }: { comparison: Comparison }): ReactNode {
  const { classes, matrixBefore, matrixAfter } = comparison;
  return (
    <section aria-label="Difference of the confusion matrices" className={styles.wide}>
      <h3 className={styles.heading}>Second matrix less the first, in points of the row</h3>
      <ConfusionMatrix
        classes={classes}
        counts={matrixAfter.map((row) => row.map((count) => count ?? 0))}
        normalised={sharesOf(matrixAfter)}
        before={sharesOf(matrixBefore)}
        show="difference"
        rowsTitle="label"
        columnsTitle="prediction"
        chosen={[]}
      />
      <p className="plot-note">Teal agrees more with the label than before, orange less.</p>
    </section>
  );
}
