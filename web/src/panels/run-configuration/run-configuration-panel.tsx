'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { RunConfigurationDocument, type RunConfigurationQuery } from '../../graphql/generated/graphql';
import { bytes, compact, enumName, integer, missing } from '../../theme/format';
import { Facts, Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { recordedGroups, type FactGroup } from './recorded-groups';
import { RunWeights } from './run-weights';
import styles from './run-configuration.module.css';

type Run = NonNullable<RunConfigurationQuery['trainingRun']>;

export function RunConfigurationPanel({ run: id }: { run: string }): ReactNode {
  const { data, error, refetch } = useQuery(RunConfigurationDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const run = data?.trainingRun;
  if (data && !run) return null;
  return (
    <Panel
      title="Configuration"
      query={{ document: RunConfigurationDocument, variables: { id } }}
      note={run?.recording ? 'as whoever recorded the run said it' : 'as used; it never changes afterwards'}
    >
      {error && !run ? (
        <Failure error={error} retry={refetch} />
      ) : !run ? (
        <Loading height={120} />
      ) : (
        <div className={styles.groups}>
          {(run.configuration ? groups(run, run.configuration) : recordedGroups(run)).map(([title, facts]) => (
            <div key={title}>
              <h3>{title}</h3>
              <Facts facts={facts} />
            </div>
          ))}
          {run.recording && (
            <RunWeights
              run={run.id}
              weights={run.weights ?? []}
              classes={run.recording.classes ?? run.dataset.classes}
            />
          )}
        </div>
      )}
    </Panel>
  );
}

type Configuration = NonNullable<Run['configuration']>;

function groups(run: Run, c: Configuration): FactGroup[] {
  return [...trainingGroups(run, c), ...methodGroups(c), checkpointGroup(run)];
}

/** The network, and how it is trained whatever the method. */
function trainingGroups({ model, labelSet }: Run, c: Configuration): FactGroup[] {
  return [
    [
      'Network',
      [
        ['Backbone', enumName(c.backbone)],
        ['Width', c.width],
        ['Stem and layer1', c.frozenStem ? 'frozen' : 'trained'],
        ['Image size', `${c.imageSize} px`],
        ['Dropout', compact(c.dropout)],
        ['Parameters', model ? integer(model.parameterCount) : missing],
      ],
    ],
    [
      'Optimisation',
      [
        ['Labels', labelSet.name],
        ['Sampling', enumName(c.sampling)],
        ['Epochs', c.epochs],
        ['Batch', c.batchSize],
        ['Seed', c.seed],
        ['Learning rate', compact(c.learningRate)],
        ['Decay', compact(c.learningRateDecay)],
        ['Augmentation', enumName(c.augmentation)],
        ...(c.augmentation === 'RAND_AUGMENT' ? randAugment(c) : []),
        ['Test-time crops', enumName(c.testTimeCrops)],
        ['Label smoothing', compact(c.labelSmoothing)],
      ],
    ],
  ];
}

/** What Ada-DF brings. */
function methodGroups(c: Configuration): FactGroup[] {
  return [
    [
      'Distributions',
      [
        ['Threshold t', compact(c.threshold)],
        ['Ramp β', c.beta],
        ['Fallback', enumName(c.fallback)],
        ['Sharpening T', c.sharpening === null ? 'off' : `${compact(c.sharpening)}, ${c.sharpeningAxis.toLowerCase()}`],
      ],
    ],
    [
      'Protocol',
      [
        ['Preset', c.preset === null ? 'none' : enumName(c.preset)],
        ['Mining images', enumName(c.miningImages)],
        ['Fusion scale', enumName(c.fusionScale)],
        ['Gradient into q', enumName(c.fusedGradient)],
        ['Best epoch by', enumName(c.selection)],
        ['Patience', c.patience ?? 'none'],
      ],
    ],
    [
      'Attention',
      [
        ['Fusion weight', `${compact(c.minimumFusionWeight)} to ${compact(c.maximumFusionWeight)}`],
        ['High share', compact(c.highAttentionShare)],
        ['Rank margin', compact(c.rankMargin)],
      ],
    ],
  ];
}

function checkpointGroup({ model }: Run): FactGroup {
  const said = (model?.checkpoints ?? []).map(
    ({ kind, epoch, bytes: size }) => [enumName(kind), `epoch ${epoch}, ${bytes(size)}`] as const,
  );
  return ['Checkpoints', said.length === 0 ? [['None', 'after the first epoch']] : said];
}

function randAugment(c: Configuration): (readonly [string, ReactNode])[] {
  return [
    [
      'RandAugment',
      `${c.randAugmentOperations} operations of magnitude ${compact(c.randAugmentMagnitude)} ± ${compact(c.randAugmentDeviation)}`,
    ],
    ['Random erasing', `${compact(100 * c.erasingProbability)} % of images`],
  ];
}
