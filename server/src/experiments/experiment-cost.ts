import type { DataSource } from 'typeorm';
import { countParameters, parametersOf } from '../ada-df/parameters.js';
import { adaDfConfig } from '../runs/settings/ada-df-config.js';
import type { StartTrainingInput } from '../runs/settings/training-input.js';
import type { TrainingPlanner } from '../runs/settings/training-plan.js';
import { readTrainingRequest } from '../runs/training-request.js';

/** What a run would take. */
export interface RunCost {
  /** Training images that are shown, over all epochs. */
  images: number;
  /** On one worker; null while no epoch has been trained here. */
  seconds: number | null;
  bytes: number;
}

const floatBytes = 4;
/** LAST has weights and two moments, BEST weights: of each parameter so many numbers. */
const numbersPerParameter = 4;

export async function costOf(
  dataSource: DataSource,
  planner: TrainingPlanner,
  input: StartTrainingInput,
): Promise<RunCost> {
  const plan = await planner.plan(input);
  const { configuration, dataset, labelSet } = await readTrainingRequest(dataSource, input);
  const classes = dataset.classes.length;
  const parameters = countParameters(parametersOf(adaDfConfig(configuration, classes)));
  const samples = labelSet.balance.reduce((sum, { classCounts }) => sum + classCounts.reduce((a, b) => a + b, 0), 0);
  const vectors = samples * (2 * classes + 2) * floatBytes * configuration.epochs;
  return {
    images: plan.samplesPerEpoch * configuration.epochs,
    seconds: plan.estimate?.seconds ?? null,
    bytes: vectors + parameters * floatBytes * numbersPerParameter,
  };
}
