import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ImportReportQuery } from '../../graphql/generated/graphql';
import { integer } from '../../theme/format';
import styles from './import-report.module.css';

type Report = NonNullable<ImportReportQuery['dataset']>['importReport'];

/** What came beside the given labels. */
export function Contents({
  contents: { votes, trueDistributions, cleanLabels, subjects },
}: {
  contents: NonNullable<Report['contents']>;
}): ReactNode {
  const found = [
    ...(votes
      ? [
          `votes of ${votes.fewest === votes.most ? votes.most : `${votes.fewest} to ${votes.most}`} raters for ${integer(votes.samples)} images`,
        ]
      : []),
    ...(trueDistributions > 0 ? [`${integer(trueDistributions)} distributions`] : []),
    ...(cleanLabels > 0 ? [`${integer(cleanLabels)} clean labels`] : []),
    ...(subjects ? [`${integer(subjects.different)} subjects`] : []),
  ];
  return (
    <>
      <p className="plot-note">Beside the labels: {found.join(', ') || 'nothing'}.</p>
      {subjects && subjects.inSeveralSplits > 0 && (
        <Alert color="orange" mb={10}>
          {integer(subjects.inSeveralSplits)} subjects are in more than one split: what is learned of one in training
          helps in the test.
        </Alert>
      )}
    </>
  );
}

/** Pictures with equal pixels, and those that stand in two splits. */
export function Duplicates({
  duplicates: { pictures, samples, differentLabels, leakage, examples },
}: {
  duplicates: NonNullable<Report['duplicates']>;
}): ReactNode {
  if (pictures === 0) return <p className="plot-note">No two images have equal pixels.</p>;
  return (
    <>
      <p className="plot-note">
        {integer(pictures)} pictures stand more than once ({integer(samples)} images);{' '}
        {differentLabels === 0 ? 'none' : integer(differentLabels)} of them with different labels.
      </p>
      {leakage.length > 0 && (
        <Alert color="orange" mb={10} title="Pictures in two splits">
          <ul className={styles.leakage}>
            {leakage.map(({ from, to, pictures: shared, fromSamples, toSamples }) => (
              <li key={from + to}>
                {integer(shared)} are in {from.toLowerCase()} ({integer(fromSamples)} images) and in {to.toLowerCase()}{' '}
                ({integer(toSamples)})
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <details className={styles.examples}>
        <summary>Examples of equal pictures</summary>
        <ul>
          {examples.map(({ samples: equal }) => (
            <li key={equal[0].key}>
              {equal.map(({ key, split, givenLabel }) => `${key} (${split.toLowerCase()}, ${givenLabel})`).join(' = ')}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
