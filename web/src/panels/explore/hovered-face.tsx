'use client';
import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ExploreFacesDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { DistributionStrip } from '../../plots/distribution-strip';
import { Panel } from '../../theme/panel';
import styles from './explore.module.css';

interface HoveredProps {
  run: string;
  epoch: number;
  newest: number;
  id: string | null;
}

const quietMilliseconds = 80;

/** The face under the pointer; the last one stays. */
export function HoveredFace({ run, epoch, newest, id }: HoveredProps): ReactNode {
  const [quiet] = useDebouncedValue(id, quietMilliseconds);
  const { data, previousData } = useQuery(ExploreFacesDocument, {
    variables: { id: run, epoch: epoch < newest ? epoch : null, filter: { samples: quiet ? [quiet] : [] }, first: 1 },
    skip: quiet === null,
  });
  const face = (data ?? previousData)?.trainingRun?.analyses.nodes[0];
  return (
    <Panel title="Under the pointer">
      {!face ? (
        <p className="plot-note">Point at a sample to see it.</p>
      ) : (
        <div className={styles.hovered}>
          <img src={face.sample.imageUrl} alt={face.sample.key} width={96} height={96} />
          <div style={{ minWidth: 0, flex: 1 }}>
            <Link href={routes.sample(face.sample.id, { run })}>{face.sample.key}</Link>
            <p style={{ margin: '4px 0' }}>
              given <b>{face.givenLabel}</b>, target branch <b>{face.targetLabel}</b>
            </p>
            {face.targetDistribution && <Strip distribution={face.targetDistribution} />}
          </div>
        </div>
      )}
    </Panel>
  );
}

function Strip({ distribution }: { distribution: readonly number[] }): ReactNode {
  const names = distribution.map((_, place) => String(place));
  return (
    <DistributionStrip
      classes={names}
      values={distribution}
      colours={names.map(() => 'var(--distribution-target)')}
      height={8}
      label="target distribution"
    />
  );
}
