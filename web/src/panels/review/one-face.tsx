'use client';
import { useState, type ReactNode } from 'react';
import { useKeys } from '../../navigation/keys';
import { ClassName } from '../../plots/class-name';
import { DistributionStrip } from '../../plots/distribution-strip';
import { SoftLabel } from '../../plots/soft-label';
import { percent } from '../../theme/format';
import { Term } from '../../theme/term';
import { keyOfClass } from './class-keys';
import { DecisionButtons } from './decision-buttons';
import type { QueueFace } from './queue';
import styles from './review.module.css';
import type { Choice, Decided } from './session';
import { thingsOf } from '../../theme/things';

export interface OneFaceProps {
  classes: readonly string[];
  colours: readonly string[];
  blind: boolean;
  face: QueueFace;
  /** What was said of it in this sitting. */
  decided: Decided | undefined;
  decide: (choice: Choice) => void;
  undo: (() => void) | null;
  back: (() => void) | null;
  forth: () => void;
}

/** One face, large, and every answer to it one key away. */
export function OneFace(props: OneFaceProps): ReactNode {
  const { classes, colours, blind, face, decided, decide, undo, back, forth } = props;
  const [softOf, setSoftOf] = useState<string | null>(null);
  const soft = softOf === face.id;
  useKeys('Review', [
    ...classes.flatMap((label, place) => {
      const key = keyOfClass(place);
      return key === null ? [] : [{ key, does: label, run: () => decide({ kind: 'class', label }) }];
    }),
    ...(blind ? [] : [{ key: 'a', does: 'the label is right', run: () => decide({ kind: 'accept' }) }]),
    { key: 's', does: 'skip: later', run: () => decide({ kind: 'skip' }) },
    { key: 'u', does: 'unsure: it cannot be told', run: () => decide({ kind: 'unsure' }) },
    { key: 'm', does: 'several classes at once', run: () => setSoftOf(soft ? null : face.id) },
    { key: 'z', does: 'take the last decision back', run: () => undo?.() },
    { key: 'ArrowLeft', does: `the ${thingsOf(classes).one} before`, run: () => back?.() },
    { key: 'ArrowRight', does: `the next ${thingsOf(classes).one}`, run: forth },
  ]);
  return (
    <div className={styles.one} data-testid="review-face" data-sample={face.id}>
      <figure className={styles.face}>
        {/* A new element a face: the old picture never stands under a new name. */}
        <img
          key={face.id}
          src={face.imageUrl}
          alt={`${thingsOf(classes).One} ${face.name}`}
          width={360}
          height={360}
          decoding="sync"
        />
        <figcaption className="cut" title={face.name}>
          {face.name}
        </figcaption>
      </figure>
      <div className={styles.answer}>
        {!blind && <Opinions face={face} classes={classes} colours={colours} />}
        <DecisionButtons
          classes={classes}
          colours={colours}
          given={blind ? null : face.given}
          suggested={blind ? null : face.suggested}
          decided={decided}
          decide={decide}
          undo={undo}
          soft={{ open: soft, toggle: () => setSoftOf(soft ? null : face.id) }}
        />
        {soft && (
          <SoftLabel
            classes={classes}
            colours={colours}
            start={blind ? classes.map(() => 1 / classes.length) : face.distribution}
            disabled={false}
            save={(distribution) => decide({ kind: 'soft', distribution })}
          />
        )}
      </div>
    </div>
  );
}

interface OpinionsProps {
  face: QueueFace;
  classes: readonly string[];
  colours: readonly string[];
}

function Opinions({ face, classes, colours }: OpinionsProps): ReactNode {
  const colourOf = (name: string): string => colours[classes.indexOf(name)] ?? 'transparent';
  const share = (name: string): string => percent(face.distribution[classes.indexOf(name)], 0);
  const votes = face.votes ?? [];
  const cast = votes.reduce((sum, count) => sum + count, 0);
  return (
    <>
      <dl className={styles.opinions}>
        <div>
          <dt>
            <Term of="givenLabel">Label</Term>
          </dt>
          <dd>
            <ClassName name={face.given} colour={colourOf(face.given)} /> {share(face.given)}
          </dd>
        </div>
        <div>
          <dt>
            <Term of="targetDistribution">Model</Term>
          </dt>
          <dd>
            {face.suggested === null ? (
              'the same'
            ) : (
              <>
                <ClassName name={face.suggested} colour={colourOf(face.suggested)} /> {share(face.suggested)}
              </>
            )}
          </dd>
        </div>
        {cast > 0 && (
          <div>
            <dt>
              <Term of="votes">Votes</Term>
            </dt>
            <dd>
              {classes
                .map((name, place) => ({ name, count: votes[place] ?? 0 }))
                .filter(({ count }) => count > 0)
                .sort((a, b) => b.count - a.count)
                .map(({ name, count }) => `${name} ${count}`)
                .join(', ')}
            </dd>
          </div>
        )}
      </dl>
      <div className={styles.strip}>
        <DistributionStrip
          classes={classes}
          values={face.distribution}
          colours={colours}
          height={10}
          label={`Target distribution: ${classes.map((name) => `${name} ${share(name)}`).join(', ')}`}
        />
      </div>
    </>
  );
}
