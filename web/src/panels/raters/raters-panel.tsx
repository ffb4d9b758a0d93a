'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { RaterReportDocument, type RaterReportQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { ClassName } from '../../plots/class-name';
import { decimal, integer, percent } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Facts, Panel, Table } from '../../theme/panel';
import { Failure } from '../../theme/states';

type Dataset = NonNullable<RaterReportQuery['dataset']>;
type Report = Dataset['raterReport'];
type Estimate = Report['alpha'];

/** How far people agree on this data set, and how far each of them is to be trusted; nothing where nobody rated. */
export function RatersPanel({ dataset: id }: { dataset: string }): ReactNode {
  const { data, error, refetch } = useQuery(RaterReportDocument, { variables: { id } });
  const dataset = data?.dataset;
  if (error && !dataset)
    return (
      <Panel title="Raters">
        <Failure error={error} retry={refetch} />
      </Panel>
    );
  if (!dataset || dataset.raterReport.samples === 0) return null;
  const { raterReport: report } = dataset;
  return (
    <Panel title="Raters" note={`${integer(report.votes)} votes on ${integer(report.samples)} samples`}>
      <Facts
        facts={[
          ['Krippendorff’s alpha', withInterval(report.alpha)],
          ['Fleiss’ kappa', withInterval(report.fleissKappa)],
          ['Raters known', integer(report.raters.length)],
          ['Consensus differs', report.raters.length > 0 ? integer(dataset.disputedSamples.totalCount) : 'not known'],
        ]}
      />
      <ByClass report={report} />
      {report.raters.length > 0 && <ByRater report={report} />}
      {report.pairs.length > 0 && <ByPair report={report} />}
      <Disputed dataset={dataset} />
      {report.notToBeHad.map(({ field, why }) => (
        <p key={field} className="plot-note">
          {field}: {why}
        </p>
      ))}
    </Panel>
  );
}

function withInterval(estimate: Estimate): string {
  if (!estimate) return '–';
  const { value, interval } = estimate;
  return interval
    ? `${decimal(value)} (${decimal(interval.lower, 2)} to ${decimal(interval.upper, 2)})`
    : decimal(value);
}

function ByClass({ report }: { report: Report }): ReactNode {
  const colours = classColours(report.byClass.map((one) => one.class));
  return (
    <Table label="Agreement by class">
      <thead>
        <tr>
          <th scope="col">Class against all others</th>
          <th scope="col" data-number>
            Alpha, 95 % interval
          </th>
        </tr>
      </thead>
      <tbody>
        {report.byClass.map((one, place) => (
          <tr key={one.class}>
            <th scope="row">
              <ClassName name={one.class} colour={colours[place]} />
            </th>
            <td data-number>{withInterval(one.alpha)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function ByRater({ report }: { report: Report }): ReactNode {
  const fit = report.dawidSkene;
  return (
    <>
      <Table label="Raters">
        <thead>
          <tr>
            <th scope="col">Rater</th>
            <th scope="col" data-number>
              Ratings
            </th>
            <th scope="col" data-number>
              Agreement
            </th>
            <th scope="col" data-number>
              Quality
            </th>
            <th scope="col" data-number>
              Weight
            </th>
            <th scope="col" data-number>
              Accuracy
            </th>
          </tr>
        </thead>
        <tbody>
          {report.raters.slice(0, 20).map((one) => (
            <tr key={`${one.labeller} ${one.rater}`}>
              <th scope="row">
                {one.rater || 'without a name'}
                {one.labeller && ' (labels here)'}
              </th>
              <td data-number>{integer(one.ratings)}</td>
              <td data-number>{percent(one.agreement)}</td>
              <td data-number>{decimal(one.quality)}</td>
              <td data-number>{decimal(one.weight)}</td>
              <td data-number>{percent(one.accuracy)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="plot-note">
        Best first{report.raters.length > 20 ? `, 20 of ${integer(report.raters.length)}` : ''}. Agreement: with the
        other ratings of the same samples. Quality: what the weighted consensus gives to what they said. Weight 0: no
        better than a guess. Accuracy: by Dawid and Skene
        {fit && `, ${integer(fit.iterations)} iterations, ${fit.converged ? 'converged' : 'not converged'}`}.
      </p>
    </>
  );
}

function ByPair({ report }: { report: Report }): ReactNode {
  return (
    <Table label="Agreement of two raters">
      <thead>
        <tr>
          <th scope="col">Two raters</th>
          <th scope="col" data-number>
            Samples
          </th>
          <th scope="col" data-number>
            Same
          </th>
          <th scope="col" data-number>
            Cohen’s kappa, 95 % interval
          </th>
        </tr>
      </thead>
      <tbody>
        {report.pairs.slice(0, 8).map((pair) => (
          <tr key={`${pair.one} ${pair.other}`}>
            <th scope="row">
              {pair.one || 'without a name'}, {pair.other || 'without a name'}
            </th>
            <td data-number>{integer(pair.samples)}</td>
            <td data-number>{percent(pair.share)}</td>
            <td data-number>{withInterval(pair.kappa)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Disputed({ dataset }: { dataset: Dataset }): ReactNode {
  const { nodes, totalCount } = dataset.disputedSamples;
  if (nodes.length === 0) return null;
  return (
    <p className="plot-note">
      Consensus is another class than the given label in {integer(totalCount)} samples, the surest:{' '}
      {nodes.map(({ sample, givenLabel, consensus }, place) => (
        <span key={sample.id}>
          {place > 0 && ', '}
          <Link href={routes.sample(sample.id)}>{sample.key}</Link> ({givenLabel}, rather {consensus})
        </span>
      ))}
      .
    </p>
  );
}
