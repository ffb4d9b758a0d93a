import { defaultConfig, type AdaDfConfig } from '../../ada-df/config.js';
import type { TrainingConfiguration } from './training-configuration.js';
import { settingRows } from './training-settings.js';

/** The algorithm's configuration of a run: rows with `algorithm`, choices in its lower case. @param classes C */
export function adaDfConfig(configuration: TrainingConfiguration, classes: number): AdaDfConfig {
  const named = settingRows.flatMap(([name, setting]) => {
    const value = configuration[name];
    return setting.algorithm ? [[name, typeof value === 'string' ? value.toLowerCase() : value]] : [];
  });
  const replaced = configuration.replacedDistributions?.map(({ index, distribution }) => ({
    class: index,
    distribution,
  }));
  return {
    ...defaultConfig,
    classes,
    ...Object.fromEntries(named),
    ...(replaced && replaced.length > 0 && { replacedDistributions: replaced }),
  };
}
