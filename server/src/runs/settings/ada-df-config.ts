import { defaultConfig, type AdaDfConfig } from '../../ada-df/config.js';
import { parametersOf } from '../../ada-df/parameters.js';
import type { TrainingConfiguration } from './training-configuration.js';
import { settingRows } from './training-settings.js';

/** The algorithm's configuration of a run: rows with `algorithm`, choices in its lower case. @param classes C */
export function adaDfConfig(configuration: TrainingConfiguration, classes: number): AdaDfConfig {
  const named = settingRows.flatMap(([name, setting]) => {
    const value = configuration[name];
    return setting.algorithm ? [[name, typeof value === 'string' ? value.toLowerCase() : value]] : [];
  });
  return { ...defaultConfig, classes, ...Object.fromEntries(named) };
}

/** Weights of the network, frozen ones included, running statistics not. */
export function countParameters(config: AdaDfConfig): number {
  const weights = parametersOf(config).filter(({ role }) => role !== 'runningMean' && role !== 'runningVariance');
  return weights.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
}
