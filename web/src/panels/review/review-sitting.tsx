'use client';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { routes } from '../../navigation/routes';
import { classColours } from '../../theme/palette';
import { Empty, Failure, Loading, Missing } from '../../theme/states';
import { FaceGrid } from './face-grid';
import { OneFace } from './one-face';
import type { QueueFace, QueueSettings } from './queue';
import { ReviewProgress } from './review-progress';
import { Recent } from './recent';
import styles from './review.module.css';
import type { Choice, Decided } from './session';
import { useQueue, usePicturesAhead, type Queue } from './use-queue';
import { useSitting, type FacesProps } from './use-sitting';
import { thingsOf } from '../../theme/things';

export interface ReviewSittingProps {
  /** What chooses the queue. */
  setup: ReactNode;
  settings: QueueSettings;
  author: string;
}

/** Waits for the first faces; then one sits down. */
export function ReviewSitting({ settings, author, setup }: ReviewSittingProps): ReactNode {
  const queue = useQueue(settings);
  if (queue.error && !queue.run) return <Failure error={queue.error} retry={queue.refetch} />;
  if (queue.run === undefined) return <Loading height={420} />;
  if (queue.run === null) return <Missing what="run" href={routes.runs} others="All runs" />;
  return <Sitting settings={settings} author={author} setup={setup} queue={queue} run={queue.run} />;
}

interface SittingProps extends ReviewSittingProps {
  queue: Queue;
  run: NonNullable<Queue['run']>;
}

function Sitting({ settings, author, setup, queue, run }: SittingProps): ReactNode {
  const name = `review ${run.id} ${settings.kind} ${settings.split} ${settings.given} ${settings.blind} ${settings.knownEvery}`;
  const sitting = useSitting({ name, dataset: run.dataset.id, labelSet: run.labelSet.id, author });
  // What an earlier page decided may not be stored yet, and its faces are in the queue once more.
  const [before] = useState(() => new Set(sitting.decisions.map(({ sample }) => sample)));
  const faces = queue.faces.filter(({ id }) => !before.has(id));
  const left = leftOf(queue, faces, sitting.decisions);
  const { classes } = run.dataset;
  const shared = { classes, colours: classColours(classes), blind: settings.blind, sitting, faces };
  return (
    <section aria-label="Review" className={styles.sitting} data-testid="review">
      {setup}
      <ReviewProgress decisions={sitting.decisions} left={left} problem={sitting.problem} />
      {faces.length === 0 ? (
        <Empty
          title={
            sitting.decisions.length > 0 ? 'All of them are decided' : `No ${thingsOf(classes).one} waits in this queue`
          }
        >
          <p>Choose others above, or go on below: make a label set of the decisions and train on it.</p>
        </Empty>
      ) : settings.view === 'grid' ? (
        <FaceGrid {...shared} more={queue.hasMore ? queue.more : null} />
      ) : (
        <Walk {...shared} queue={queue} />
      )}
      <Recent decisions={sitting.decisions} classes={classes} />
    </section>
  );
}

/** Own faces of the queue that nobody has decided, loaded or not. */
function leftOf(queue: Queue, faces: readonly QueueFace[], decisions: readonly Decided[]): number {
  const own = queue.faces.filter(({ known }) => known === null).length;
  const gone = own - faces.filter(({ known }) => known === null).length;
  const loaded = new Set(faces.map(({ id }) => id));
  const now = new Set(
    decisions.filter(({ sample, known }) => known === null && loaded.has(sample)).map(({ sample }) => sample),
  );
  return Math.max(0, queue.total - gone - now.size);
}

/** Faces this near to the end of what is loaded ask for more. */
const nearEnd = 30;

function Walk({ queue, sitting, faces, ...shared }: FacesProps & { queue: Queue }): ReactNode {
  const [at, setAt] = useState(() => firstOpen(faces, sitting.decisions));
  usePicturesAhead(faces, at);
  const goTo = (place: number): void => {
    setAt(Math.max(0, Math.min(place, faces.length)));
    if (queue.hasMore && place >= faces.length - nearEnd) queue.more();
  };
  const face = faces[at];
  const decide = (choice: Choice): void => {
    if (!face) return;
    sitting.decide([face], () => choice);
    goTo(at + 1);
  };
  const undo = (): void => {
    const sample = sitting.undo();
    const place = faces.findIndex(({ id }) => id === sample);
    if (place >= 0) goTo(place);
  };
  if (!face)
    return (
      <Empty title={queue.hasMore ? 'The next ones are on their way' : 'That was the last one'}>
        <p>Z takes the last decision back. Below, make a label set of the decisions and train on it.</p>
      </Empty>
    );
  const decided = sitting.decisions.findLast(({ sample }) => sample === face.id);
  return (
    <OneFace
      {...shared}
      face={face}
      decided={decided}
      decide={decide}
      undo={sitting.decisions.length > 0 ? undo : null}
      back={at > 0 ? () => goTo(at - 1) : null}
      forth={() => goTo(at + 1)}
    />
  );
}

function firstOpen(faces: readonly QueueFace[], decisions: readonly Decided[]): number {
  const done = new Set(decisions.map(({ sample }) => sample));
  const place = faces.findIndex(({ id }) => !done.has(id));
  return place < 0 ? faces.length : place;
}
