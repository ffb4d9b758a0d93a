import { Alert, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { AttentionScale } from '../../plots/attention-scale';
import { DistributionBars } from '../../plots/distribution-bars';
import { accent, distributionColour } from '../../theme/palette';
import type { Answer, Asked } from './use-asked';
import styles from './predict-image.module.css';

/** One picture with all that the model says of it, or why it says nothing. */
export function AnswerView({ one }: { one: Asked }): ReactNode {
  const { state } = one;
  return (
    <div data-testid="prediction" data-state={state.kind} aria-live="polite">
      <div className={styles.answer}>
        {/* A picture that the server cannot read, the browser may not show either: its name stands for it. */}
        <img className={styles.face} src={one.picture} alt={one.file.name} />
        {state.kind === 'waiting' && <Loader size="sm" aria-label="Asking the model" />}
        {state.kind === 'failed' && (
          <Alert color="red" role="alert" title={one.file.name}>
            {state.message}
          </Alert>
        )}
        {state.kind === 'answered' && <Distributions answer={state.answer} label={one.givenLabel} />}
      </div>
      {state.kind === 'answered' && <Said answer={state.answer} />}
    </div>
  );
}

function Distributions({ answer, label }: { answer: Answer; label: string | null }): ReactNode {
  const { model, attention } = answer;
  const all = [
    { name: 'label', title: 'Label', note: 'auxiliary branch', distribution: answer.labelDistribution },
    { name: 'class', title: 'Class', note: `mined for ${label}`, distribution: answer.classDistribution },
    { name: 'fused', title: 'Fused', note: undefined, distribution: answer.fusedDistribution },
    { name: 'target', title: 'Target', note: 'the prediction', distribution: answer.targetDistribution },
  ] as const;
  const marks = [
    { name: 'auxiliary', value: attention.auxiliary, colour: distributionColour.label },
    { name: 'target', value: attention.target, colour: distributionColour.target },
    { name: 'mean w', value: attention.mean, colour: accent },
    ...(attention.fusionWeight === null || attention.fusionWeight === undefined
      ? []
      : [{ name: 'fusion weight v', value: attention.fusionWeight, colour: distributionColour.fused }]),
  ];
  return (
    <>
      {all.map(
        ({ name, title, note, distribution }) =>
          distribution && (
            <DistributionBars
              key={name}
              name={name}
              title={title}
              note={note}
              classes={model.classes}
              distribution={distribution}
              colour={distributionColour[name]}
              marked={label}
            />
          ),
      )}
      <div>
        <AttentionScale marks={marks} />
      </div>
    </>
  );
}

function Said({ answer }: { answer: Answer }): ReactNode {
  const { model, checkpoint } = answer;
  return (
    <p className={styles.note}>
      <b>{answer.predictedLabel}</b>, says {model.family} v{model.version} ({checkpoint.kind.toLowerCase()}, epoch{' '}
      {checkpoint.epoch}) of an image of {answer.width} × {answer.height} px
      {answer.views > 1 ? `, mean of ${answer.views} crops` : ''}; {answer.milliseconds.toFixed(0)} ms, of which{' '}
      {answer.forwardMilliseconds.toFixed(0)} ms in the network on {answer.backend}.
    </p>
  );
}
