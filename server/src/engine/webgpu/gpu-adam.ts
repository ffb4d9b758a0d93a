import type { AdamUpdate, StatisticsUpdate } from '../../ada-df/kernels.js';
import { bindings, type GpuPrograms, LINE, perElement, spread } from './programs.js';

/** One Adam update in one pass, in place. */
export function adam(
  programs: GpuPrograms,
  { parameter, gradient, firstMoment, secondMoment, step, learningRate, beta1, beta2, epsilon }: AdamUpdate,
): void {
  for (const variable of [parameter, firstMoment, secondMoment]) programs.ownForWriting(variable);
  const factors = Float32Array.of(
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
  );
  programs.run(
    { name: 'adam', source: () => adamSource, workgroups: spread(Math.ceil(parameter.size / LINE)) },
    [parameter, firstMoment, secondMoment, gradient],
    factors,
  );
}

const adamSource = `${bindings('f32', '=parameter', '=firstMoment', '=secondMoment', 'gradient')}
struct Factors { beta1: f32, rest1: f32, beta2: f32, rest2: f32, rate: f32, root: f32, epsilon: f32 }
@group(0) @binding(4) var<uniform> f: Factors;
${perElement(`  if (i >= arrayLength(&parameter)) { return; }
  let g = gradient[i];
  let m = f.beta1 * firstMoment[i] + f.rest1 * g;
  let v = f.beta2 * secondMoment[i] + f.rest2 * g * g;
  firstMoment[i] = m;
  secondMoment[i] = v;
  parameter[i] -= f.rate * m / (sqrt(v) * f.root + f.epsilon);`)}`;

/** Both running statistics of a batch norm in one pass, in place. */
export function followStatistics(
  programs: GpuPrograms,
  { runningMean, runningVariance, mean, variance, momentum, values }: StatisticsUpdate,
): void {
  programs.ownForWriting(runningMean);
  programs.ownForWriting(runningVariance);
  const factors = Float32Array.of(momentum, values / (values - 1));
  programs.run(
    { name: 'follow-statistics', source: () => followSource, workgroups: spread(Math.ceil(mean.size / LINE)) },
    [runningMean, runningVariance, mean, variance],
    factors,
  );
}

const followSource = `${bindings('f32', '=runningMean', '=runningVariance', 'mean', 'variance')}
struct Factors { momentum: f32, correction: f32 }
@group(0) @binding(4) var<uniform> f: Factors;
${perElement(`  if (i >= arrayLength(&mean)) { return; }
  runningMean[i] += f.momentum * (mean[i] - runningMean[i]);
  runningVariance[i] += f.momentum * (variance[i] * f.correction - runningVariance[i]);`)}`;
