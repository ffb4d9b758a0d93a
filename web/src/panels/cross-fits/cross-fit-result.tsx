'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import {
  CrossFitDetectionDocument,
  type CrossFitDetectionQuery,
  CrossFitResultDocument,
} from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { decimal, integer, percent } from '../../theme/format';
import { MeasureName } from '../../theme/measure-name';
import { Facts, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';

type Detection = NonNullable<NonNullable<CrossFitDetectionQuery['crossFit']>['detection']>;
type Score = Detection['scores'][number];

/** What the complete folds say together. */
export function CrossFitResult({ id }: { id: string }): ReactNode {
  const { data, error, refetch } = useQuery(CrossFitResultDocument, { variables: { id } });
  // Refused where no clean label is known: then there is nothing to measure.
  const detection = useQuery(CrossFitDetectionDocument, { variables: { id } }).data?.crossFit?.detection;
  const found = data?.crossFit;
  if (error && !found) return <Failure error={error} retry={refetch} />;
  if (!found) return <Loading height={160} />;
  const { confidentJoint: joint, suspects, judged } = found;
  return (
    <>
      <Facts
        facts={[
          ['Suspected', integer(suspects.totalCount)],
          ['Wrong, estimated', joint ? `${integer(Math.round(joint.wrong))} (${percent(joint.wrong / judged)})` : '–'],
          ...(joint?.classes.map((name, k) => [`Noise, ${name}`, percent(joint.noiseRates[k])] as const) ?? []),
        ]}
      />
      <p className="plot-note">
        Most suspicious:{' '}
        {suspects.nodes.map(({ sample, givenLabel, suggestedLabel }, place) => (
          <span key={sample.id}>
            {place > 0 && ', '}
            <Link href={routes.sample(sample.id)}>{sample.key}</Link> ({givenLabel}, rather {suggestedLabel})
          </span>
        ))}
        {suspects.nodes.length === 0 && 'none'}.
      </p>
      {detection && <DetectionTable detection={detection} />}
    </>
  );
}

function DetectionTable({ detection }: { detection: Detection }): ReactNode {
  const { samples, wrong, baseRate, outOfSample, inSample, scores } = detection;
  const best = [...scores].sort((a, b) => (b.outOfSample.auroc?.value ?? 0) - (a.outOfSample.auroc?.value ?? 0));
  return (
    <>
      <Table label="How well wrong labels are found">
        <thead>
          <tr>
            <th scope="col">Score</th>
            <th scope="col" data-number>
              AUROC out of sample
            </th>
            <th scope="col" data-number>
              in sample
            </th>
            <th scope="col" data-number>
              Gain, 95 % interval
            </th>
            <th scope="col" data-number>
              AUPRC out of sample
            </th>
            <th scope="col" data-number>
              in sample
            </th>
          </tr>
        </thead>
        <tbody>
          {best.map((score) => (
            <ScoreRow key={score.measure} score={score} />
          ))}
        </tbody>
      </Table>
      <p className="plot-note">
        {integer(wrong)} of {integer(samples)} labels are known to be wrong; a guess has an AUPRC of {decimal(baseRate)}
        . Confident learning suspects {integer(outOfSample.suspected)} out of sample: precision{' '}
        {percent(outOfSample.precision)}, recall {percent(outOfSample.recall)}
        {inSample &&
          `; in sample ${integer(inSample.suspected)}: ${percent(inSample.precision)}, ${percent(inSample.recall)}`}
        .
      </p>
    </>
  );
}

function ScoreRow({ score: { measure, outOfSample, inSample, aurocGain } }: { score: Score }): ReactNode {
  const range = (estimate: Score['aurocGain']): string =>
    estimate?.interval ? ` (${decimal(estimate.interval.lower, 2)} to ${decimal(estimate.interval.upper, 2)})` : '';
  return (
    <tr>
      <th scope="row">
        <MeasureName of={measure} />
      </th>
      <td data-number>
        {decimal(outOfSample.auroc?.value)}
        {range(outOfSample.auroc)}
      </td>
      <td data-number>{decimal(inSample?.auroc?.value)}</td>
      <td data-number>
        {decimal(aurocGain?.value)}
        {range(aurocGain)}
      </td>
      <td data-number>{decimal(outOfSample.averagePrecision?.value)}</td>
      <td data-number>{decimal(inSample?.averagePrecision?.value)}</td>
    </tr>
  );
}
