import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import type { TrainingPlanQuery } from '../../graphql/generated/graphql';
import { duration, integer } from '../../theme/format';
import styles from './start-training.module.css';

/** What it would cost, and what is seldom meant. */
export function PlanFacts({ plan }: { plan: TrainingPlanQuery['trainingPlan'] | null }): ReactNode {
  if (!plan) return <p className="plot-note">What it costs appears here.</p>;
  const { estimate, configuration, samplesPerEpoch, stepsPerEpoch, warnings, problems } = plan;
  const unknown =
    problems.length > 0
      ? 'It is worked out once nothing is wrong.'
      : 'No epoch has been trained on this platform, so nobody knows its speed.';
  return (
    <>
      <p className={styles.cost} data-testid="estimate">
        <b>{estimate ? `About ${duration(estimate.seconds)}` : 'No estimate yet'}</b>
        <span>
          {configuration.epochs} epochs of {integer(samplesPerEpoch)} images, {integer(stepsPerEpoch)}{' '}
          {stepsPerEpoch === 1 ? 'step' : 'steps'} each.
        </span>
        <span>
          {estimate
            ? `${integer(Math.round(estimate.imagesPerSecond))} images/s ${estimate.measured ? 'measured' : 'scaled, a factor of two either way,'} from ${estimate.basis}.`
            : unknown}
        </span>
      </p>
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" role="alert">
          {warning}
        </Alert>
      ))}
    </>
  );
}
