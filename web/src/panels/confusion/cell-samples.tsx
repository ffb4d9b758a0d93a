'use client';
import { useQuery } from '@apollo/client/react';
import { ActionIcon } from '@mantine/core';
import Link from 'next/link';
import { useEffect, useRef, type ReactNode } from 'react';
import { CellSamplesDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { SampleCard } from '../../plots/sample-card';
import { integer, notRecorded } from '../../theme/format';
import { CloseIcon } from '../../theme/icons';
import { classColours } from '../../theme/palette';
import { Failure, Loading } from '../../theme/states';
import styles from './confusion.module.css';
import { cellFilter, cellQuery, opinionName, type Cell } from './opinions';

const shown = 24;

export interface CellSamplesProps {
  run: string;
  cell: Cell;
  classes: readonly string[];
  newest: number;
  shownEpoch: number;
  close: () => void;
}

/** The surest faces of one cell, largest margin first, and the way to all of them. */
export function CellSamples({ run: id, cell, classes, newest, shownEpoch, close }: CellSamplesProps): ReactNode {
  const { data, error, refetch } = useQuery(CellSamplesDocument, {
    variables: { id, first: shown, filter: cellFilter(cell) },
  });
  useRefetchOn(newest, refetch);
  const part = useRef<HTMLElement>(null);
  useEffect(() => {
    part.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [cell.row, cell.column]);
  const analyses = data?.trainingRun?.analyses;
  const list = { ...cellQuery(cell), order: 'MARGIN', direction: 'DESCENDING' };
  return (
    <section ref={part} className={styles.cell} aria-label="Samples of the cell" data-testid="cell-samples">
      <div className={styles.cellHead}>
        <b>
          {opinionName[cell.rows]} {cell.row}, {opinionName[cell.columns]} {cell.column}
        </b>
        {analyses && (
          <span className="plot-weak">
            {integer(analyses.totalCount)} samples, the surest first
            {shownEpoch !== newest ? `; samples are those of the newest epoch, ${newest}` : ''}
          </span>
        )}
        <span className={styles.cellAside}>
          <Link href={routes.runSamples(id, list)}>all, with order and filters</Link>
          <ActionIcon variant="subtle" color="gray" aria-label="Close the list" onClick={close}>
            <CloseIcon />
          </ActionIcon>
        </span>
      </div>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !analyses ? (
        <Loading height={150} />
      ) : analyses.nodes.length === 0 ? (
        <p className="plot-note">No sample is in this cell.</p>
      ) : (
        <div className={styles.cards}>
          {analyses.nodes.map((node) => (
            <SampleCard
              key={node.sample.id}
              href={routes.sample(node.sample.id, { run: id, list: 'run', ...list })}
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
      )}
    </section>
  );
}
