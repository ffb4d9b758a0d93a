'use client';
import { useQuery } from '@apollo/client/react';
import { useCallback, type ReactNode } from 'react';
import { SampleAnalysisDocument, type SampleAnalysisQuery } from '../../graphql/generated/graphql';
import type { UrlState } from '../../navigation/url-state';
import { AttentionScale } from '../../plots/attention-scale';
import { ClassName } from '../../plots/class-name';
import { DistributionBars } from '../../plots/distribution-bars';
import { EpochPlayer } from '../../plots/epoch-player';
import { decimal, notRecorded } from '../../theme/format';
import { accent, distributionColour } from '../../theme/palette';
import { MeasureName } from '../../theme/measure-name';
import { Facts, Panel, Stack } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import type { SampleData } from './face';
import { SampleDistances } from './sample-distances';
import { thingsOf } from '../../theme/things';
import styles from './sample.module.css';

type Analysis = NonNullable<NonNullable<SampleAnalysisQuery['sample']>['analysis']>;
interface Known {
  sample: SampleData;
  classes: readonly string[];
  colours: readonly string[];
}

/** What a run thinks of the face at an epoch. */
export function SampleAnalysisPart({
  run,
  newest,
  epoch,
  url,
  ...known
}: Known & { run: string; newest: number; epoch: number; url: UrlState }): ReactNode {
  const { data, previousData, error, refetch } = useQuery(SampleAnalysisDocument, {
    variables: { id: known.sample.id, run, epoch },
  });
  const analysis = (data ?? previousData)?.sample?.analysis;
  const { set } = url;
  const choose = useCallback(
    (chosen: number) => set({ epoch: chosen === newest ? null : String(chosen) }),
    [set, newest],
  );
  const slider = <EpochPlayer last={newest} epoch={epoch} onChoose={choose} />;
  return (
    <Stack span={9}>
      <Panel title="Distributions" note="on the same scale; % of each class; ring: given label" aside={slider}>
        {error && !analysis ? (
          <Failure error={error} retry={refetch} />
        ) : analysis ? (
          <Distributions analysis={analysis} {...known} />
        ) : data ? (
          <Empty title={`This run did not see the ${thingsOf(known.classes).one}`} />
        ) : (
          <Loading height={200} />
        )}
      </Panel>
      {analysis && (
        <div className={styles.pair}>
          <Panel title="Attention and fusion">
            <Attention analysis={analysis} {...known} />
          </Panel>
          <SampleDistances
            sample={known.sample.id}
            run={run}
            epoch={epoch}
            votes={known.sample.voteDistribution !== null}
          />
        </div>
      )}
    </Stack>
  );
}

function Distributions({ analysis, sample, classes }: { analysis: Analysis } & Known): ReactNode {
  const all = [
    { name: 'label', title: 'Label', note: 'auxiliary branch', distribution: analysis.labelDistribution },
    {
      name: 'class',
      title: 'Class',
      note: `mined for ${analysis.givenLabel}`,
      distribution: analysis.classDistribution,
    },
    {
      name: 'fused',
      title: 'Fused',
      note: `v = ${decimal(analysis.attention?.fusionWeight, 2)} of class`,
      distribution: analysis.fusedDistribution,
    },
    { name: 'target', title: 'Target', note: 'the prediction', distribution: analysis.targetDistribution },
    { name: 'votes', title: 'Votes', note: 'people', distribution: sample.voteDistribution },
    { name: 'true', title: 'True', note: 'known beforehand', distribution: sample.trueDistribution },
  ] as const;
  const known = all.flatMap(({ distribution, ...one }) => (distribution ? [{ ...one, distribution }] : []));
  return (
    <div className={styles.distributions} data-count={known.length}>
      {known.map(({ name, ...one }) => (
        <DistributionBars
          key={name}
          {...one}
          name={name}
          classes={classes}
          colour={distributionColour[name]}
          marked={analysis.givenLabel}
        />
      ))}
    </div>
  );
}

function Attention({ analysis, classes, colours }: { analysis: Analysis } & Known): ReactNode {
  const { attention } = analysis;
  const named = (label: string | null): ReactNode =>
    label === null ? notRecorded : <ClassName name={label} colour={colours[classes.indexOf(label)] ?? 'transparent'} />;
  const marks = [
    { name: 'auxiliary a1', value: attention?.auxiliary, colour: distributionColour.label },
    { name: 'target a2', value: attention?.target, colour: distributionColour.target },
    { name: 'mean w', value: attention?.mean, colour: accent },
    { name: 'fusion weight v', value: attention?.fusionWeight, colour: distributionColour.fused },
  ].flatMap(({ value, ...mark }) => (typeof value === 'number' ? [{ ...mark, value }] : []));
  return (
    <>
      {marks.length > 0 ? <AttentionScale marks={marks} /> : <p className="plot-note">Attention: not recorded.</p>}
      <div className={styles.facts}>
        <Facts
          facts={[
            ['Given', named(analysis.givenLabel)],
            ['Auxiliary says', named(analysis.auxiliaryLabel)],
            ['Fused says', named(analysis.fusedLabel)],
            ['Target says', named(analysis.targetLabel)],
            ...(analysis.votesLabel ? [['Votes say', named(analysis.votesLabel)] as const] : []),
            [<MeasureName key="entropy" of="ENTROPY" />, said(analysis.entropy)],
            [<MeasureName key="normalised" of="NORMALISED_ENTROPY" />, said(analysis.normalisedEntropy)],
            [<MeasureName key="margin" of="MARGIN" />, said(analysis.margin)],
            [<MeasureName key="self" of="SELF_CONFIDENCE" />, said(analysis.selfConfidence)],
            ...(analysis.loss === null ? [] : [['Recorded loss', decimal(analysis.loss)] as const]),
          ]}
        />
      </div>
    </>
  );
}

function said(value: number | null): string {
  return value === null ? notRecorded : decimal(value);
}
