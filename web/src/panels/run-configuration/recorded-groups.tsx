import type { ReactNode } from 'react';
import type { RunConfigurationQuery } from '../../graphql/generated/graphql';
import { compact, enumName, notRecorded } from '../../theme/format';

type Run = NonNullable<RunConfigurationQuery['trainingRun']>;
export type FactGroup = [string, (readonly [string, ReactNode])[]];

/** What is known of a run that was trained elsewhere. */
export function recordedGroups({ recording, labelSet, settings }: Run): FactGroup[] {
  if (!recording) return [];
  const { capture, method, framework, code, device, seed, notes, fusion, epochs } = recording;
  const groups: FactGroup[] = [
    [
      'Recorded',
      [
        ['Outputs of', capture === 'TRAINING_PASS' ? 'the training pass' : 'an evaluation pass'],
        ['Labels', labelSet.name],
        ['Method', method ?? notRecorded],
        ['Framework', framework ?? notRecorded],
        ['Code', code ?? notRecorded],
        ['Device', device ?? notRecorded],
        ['Seed', seed ?? notRecorded],
        ['Epochs', epochs ?? notRecorded],
        ['Fusion weight', fusion ? `${compact(fusion.minimum)} to ${compact(fusion.maximum)}` : notRecorded],
      ],
    ],
    [
      'Settings',
      settings.length === 0
        ? [['None', notRecorded]]
        : settings.map(({ name, value }) => [/[A-Z_.]/.test(name) ? name : enumName(name), value] as const),
    ],
  ];
  return notes ? [...groups, ['Notes', [['', notes]]]] : groups;
}
