import { defaultConfig, type AdaDfConfig } from '../../ada-df/config.js';
import { parametersOf } from '../../ada-df/parameters.js';
import type { TrainingConfiguration } from './training-configuration.js';

/** The algorithm's configuration of a run. @param classes C */
export function adaDfConfig(configuration: TrainingConfiguration, classes: number): AdaDfConfig {
  const { backbone, fallback, sharpeningAxis, fusedGradient, ...same } = configuration;
  return {
    ...defaultConfig,
    classes,
    backbone: backbone.toLowerCase() as AdaDfConfig['backbone'],
    fallback: fallback.toLowerCase() as AdaDfConfig['fallback'],
    sharpeningAxis: sharpeningAxis.toLowerCase() as AdaDfConfig['sharpeningAxis'],
    fusedGradient: fusedGradient.toLowerCase() as AdaDfConfig['fusedGradient'],
    width: same.width,
    frozenStem: same.frozenStem,
    dropout: same.dropout,
    threshold: same.threshold,
    sharpening: same.sharpening,
    minimumFusionWeight: same.minimumFusionWeight,
    maximumFusionWeight: same.maximumFusionWeight,
    highAttentionShare: same.highAttentionShare,
    rankMargin: same.rankMargin,
    labelSmoothing: same.labelSmoothing,
    beta: same.beta,
    learningRate: same.learningRate,
    learningRateDecay: same.learningRateDecay,
  };
}

/** Weights of the network, frozen ones included, running statistics not. */
export function countParameters(config: AdaDfConfig): number {
  const weights = parametersOf(config).filter(({ role }) => role !== 'runningMean' && role !== 'runningVariance');
  return weights.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
}
