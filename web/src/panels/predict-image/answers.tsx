'use client';
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { DistributionStrip } from '../../plots/distribution-strip';
import { csvOf } from '../../theme/csv';
import { percent } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { TakeAway } from '../../theme/take-away';
import { AnswerView } from './answer-view';
import type { Asked } from './use-asked';
import styles from './predict-image.module.css';

interface AnswersProps {
  asked: readonly Asked[];
  again: () => void;
  clear: () => void;
}

/** A card a picture, the newest first; all distributions of the one that is chosen. */
export function Answers({ asked, again, clear }: AnswersProps): ReactNode {
  const [chosen, setChosen] = useState<number | null>(null);
  if (asked.length === 0) return null;
  const shown = asked.find((one) => one.key === chosen) ?? asked[0];
  const waiting = asked.filter((one) => one.state.kind === 'waiting').length;
  return (
    <>
      <div className={styles.bar}>
        <span role="status">
          {asked.length - waiting} of {asked.length} answered
        </span>
        <Button variant="default" onClick={again} disabled={waiting > 0}>
          Ask again, as chosen above
        </Button>
        <Button variant="subtle" onClick={clear}>
          Clear
        </Button>
        <TakeAway name="predictions" csv={() => csvOfAnswers(asked)} />
      </div>
      {asked.length > 1 && (
        <div className={styles.cards} role="group" aria-label="Pictures">
          {asked.map((one) => (
            <Card key={one.key} one={one} active={one.key === shown.key} onClick={() => setChosen(one.key)} />
          ))}
        </div>
      )}
      <AnswerView one={shown} />
    </>
  );
}

function Card({ one, active, onClick }: { one: Asked; active: boolean; onClick: () => void }): ReactNode {
  const { state } = one;
  const answer = state.kind === 'answered' ? state.answer : null;
  const top = answer ? Math.max(...answer.targetDistribution) : null;
  return (
    <button type="button" className={styles.card} aria-pressed={active} onClick={onClick} data-state={state.kind}>
      <img src={one.picture} alt="" width={72} height={72} />
      {answer && (
        <DistributionStrip
          classes={answer.model.classes}
          values={answer.targetDistribution}
          colours={classColours(answer.model.classes)}
          height={5}
          label=""
        />
      )}
      <span className="cut">
        {answer ? `${answer.predictedLabel} ${percent(top, 0)}` : state.kind === 'failed' ? 'failed' : 'waiting …'}
      </span>
      <span className="cut plot-weak">{one.file.name}</span>
    </button>
  );
}

/** A line a picture; classes in columns where all answers have the same. */
function csvOfAnswers(asked: readonly Asked[]): string {
  const answers = asked.flatMap(({ state }) => (state.kind === 'answered' ? [state.answer] : []));
  const classes = answers[0]?.model.classes ?? [];
  return csvOf(
    [
      'file',
      'predicted',
      'problem',
      'attention',
      ...classes.map((name) => `target ${name}`),
      ...classes.map((name) => `label ${name}`),
    ],
    asked.map(({ file, state }) => {
      if (state.kind !== 'answered') return [file.name, null, state.kind === 'failed' ? state.message : 'waiting'];
      const { predictedLabel, attention, targetDistribution, labelDistribution } = state.answer;
      return [file.name, predictedLabel, null, attention.mean, ...targetDistribution, ...labelDistribution];
    }),
  );
}
