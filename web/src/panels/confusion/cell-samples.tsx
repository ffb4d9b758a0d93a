'use client';
import { useQuery } from '@apollo/client/react';
import { ActionIcon } from '@mantine/core';
import Link from 'next/link';
import { useEffect, useRef, type ReactNode } from 'react';
import { CellSamplesDocument, type CellSamplesQuery } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { SampleCard } from '../../plots/sample-card';
import { integer, notRecorded } from '../../theme/format';
import { CloseIcon } from '../../theme/icons';
import { classColours } from '../../theme/palette';
import { Failure, Loading } from '../../theme/states';
import styles from './confusion.module.css';
import { cellsFilter, cellsQuery, opinionName, type Cells } from './opinions';

const shown = 24;

export interface CellSamplesProps {
  run: string;
  cells: Cells;
  classes: readonly string[];
  newest: number;
  shownEpoch: number;
  close: () => void;
}

/** The surest faces of cells at the epoch shown, largest margin first, and the way to all of them. */
export function CellSamples({ run: id, cells, classes, newest, shownEpoch, close }: CellSamplesProps): ReactNode {
  const past = shownEpoch < newest ? shownEpoch : null;
  const { data, previousData, error, refetch } = useQuery(CellSamplesDocument, {
    variables: { id, first: shown, filter: cellsFilter(cells), epoch: past },
  });
  useRefetchOn(newest, refetch);
  const part = useRef<HTMLElement>(null);
  useEffect(() => {
    part.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [cells.cells.length]);
  const analyses = (data ?? previousData)?.trainingRun?.analyses;
  const list = {
    ...cellsQuery(cells),
    order: 'MARGIN',
    direction: 'DESCENDING',
    ...(past !== null && { epoch: String(past) }),
  };
  const hrefOf = (sample: string): string => routes.sample(sample, { run: id, list: 'run', ...list });
  return (
    <section ref={part} className={styles.cell} aria-label="Samples of the chosen cells" data-testid="cell-samples">
      <div className={styles.cellHead}>
        <b>{named(cells)}</b>
        {analyses && (
          <span className="plot-weak">
            {integer(analyses.totalCount)} samples, the surest first
            {past !== null ? `; epoch ${past}` : ''}
          </span>
        )}
        <span className={styles.cellAside}>
          <Link href={routes.runSamples(id, list)}>all, with order and filters</Link>
          <ActionIcon variant="subtle" color="gray" aria-label="Close the list" onClick={close}>
            <CloseIcon />
          </ActionIcon>
        </span>
      </div>
      {error && !analyses ? (
        <Failure error={error} retry={refetch} />
      ) : !analyses ? (
        <Loading height={150} />
      ) : (
        <Cards nodes={analyses.nodes} classes={classes} hrefOf={hrefOf} />
      )}
    </section>
  );
}

type Analysis = NonNullable<CellSamplesQuery['trainingRun']>['analyses']['nodes'][number];

function Cards({
  nodes,
  classes,
  hrefOf,
}: {
  nodes: readonly Analysis[];
  classes: readonly string[];
  hrefOf: (sample: string) => string;
}): ReactNode {
  if (nodes.length === 0) return <p className="plot-note">No sample is there.</p>;
  return (
    <div className={styles.cards}>
      {nodes.map((node) => (
        <SampleCard
          key={node.sample.id}
          href={hrefOf(node.sample.id)}
          imageUrl={node.sample.imageUrl}
          name={node.sample.key}
          given={node.givenLabel}
          other={node.targetLabel}
          classes={classes}
          colours={classColours(classes)}
          distribution={node.targetDistribution}
          measure={`margin ${node.margin?.toFixed(2) ?? notRecorded}`}
        />
      ))}
    </div>
  );
}

function named({ rows, columns, cells }: Cells): string {
  const one = ({ row, column }: Cells['cells'][number]): string =>
    [row !== null && `${opinionName[rows]} ${row}`, column !== null && `${opinionName[columns]} ${column}`]
      .filter(Boolean)
      .join(', ');
  return cells.length > 3 ? `${cells.length} cells` : cells.map(one).join('; ');
}
