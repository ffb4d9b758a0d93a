// What analyses of a whole split cost in the process that answers, without a database: made-up samples, right shapes.
import path from 'node:path';

const sizes = {
  full: { samples: 300_000, large: 1_000_000, rounds: 15 },
  quick: { samples: 30_000, large: 100_000, rounds: 5 },
};
const classes = 7;
const components = 50;

/** Highest accepted p95 in milliseconds, at the full size. */
const bars = { whatIf: 200, features: 5, distributions: 100 };

const normal = (random) => random.uniform() + random.uniform() + random.uniform() - 1.5;

/** Ends with an exit code of 1 where a bar is missed at the full size. */
export async function benchAnalysis({ root, quick, print }) {
  const load = (file) => import(path.join(root, 'dist/server/src', file));
  const { samples, large, rounds } = quick ? sizes.quick : sizes.full;
  const { randomFrom } = await load('random.js');
  const random = randomFrom(5);
  const distributions = (count) => {
    const values = new Float32Array(count * classes);
    for (let start = 0; start < values.length; start += classes) {
      let sum = 0;
      for (let k = 0; k < classes; k++) sum += values[start + k] = random.uniform() ** 6 + 1e-4;
      for (let k = 0; k < classes; k++) values[start + k] /= sum;
    }
    return values;
  };
  let missed = false;
  print(`| what | samples | p50 ms | p95 ms | processor ms |`);
  print('| --- | ---: | ---: | ---: | ---: |');
  const time = (name, count, bar, work) => {
    work();
    const before = process.cpuUsage();
    const taken = Array.from({ length: rounds }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }).sort((a, b) => a - b);
    const { user, system } = process.cpuUsage(before);
    const [p50, p95] = [taken[rounds >> 1], taken[Math.floor(0.95 * rounds)]];
    const over = !quick && bar !== null && p95 > bar;
    missed ||= over;
    print(
      `| ${name}${over ? ` (MISSED: ${bar} ms)` : ''} | ${count} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${((user + system) / 1000 / rounds).toFixed(1)} |`,
    );
  };

  const { describe } = await load('analysis/what-if/what-if.service.js');
  const { fuseOtherwise } = await load('analysis/what-if/fuse-otherwise.js');
  const { fuseSplit } = await load('metrics/fuse-split.js');
  const inputs = whatIfInputs({ samples, distributions, random, fuseSplit });
  const settings = { ...inputs.run.configuration, threshold: 0.6, sharpening: 1.2, replacedDistributions: [] };
  time('what if: mined, fused, summed up, 24 largest changes', samples, bars.whatIf, () =>
    describe(inputs, fuseOtherwise(inputs, settings), {}).changeOf(24),
  );

  await timeNeighbours({ load, distributions, random, samples, large, time });
  return missed ? 1 : 0;
}

function whatIfInputs({ samples, distributions, random, fuseSplit }) {
  const labels = Int16Array.from({ length: samples }, () => random.integer(classes));
  const labelDistributions = distributions(samples);
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < classes; k++) labelDistributions[n * classes + k] *= 0.3;
    labelDistributions[n * classes + labels[n]] += 0.7;
  }
  const scores = Float64Array.from({ length: samples }, () => random.uniform());
  const configuration = {
    threshold: 0.7,
    fallback: 'NORMALISED',
    sharpening: null,
    sharpeningAxis: 'ROWS',
    minimumFusionWeight: 0.2,
    maximumFusionWeight: 1,
    fusionSource: 'ATTENTION',
  };
  const toFuse = {
    labelDistributions,
    labels,
    classDistributions: distributions(classes),
    scores,
    range: [0, 1],
    bounds: { minimum: 0.2, maximum: 1 },
    votes: distributions(samples),
  };
  const names = Array.from({ length: classes }, (_, k) => `class ${k}`);
  return {
    run: { id: 'run_1', dataset: { classes: names }, configuration },
    epoch: 1,
    split: 'TRAIN',
    outputs: { sampleRows: Int32Array.from({ length: samples }, (_, n) => n + 1), labels, labelDistributions },
    mining: { labels, labelDistributions },
    toFuse,
    recorded: fuseSplit(toFuse),
    clean: labels,
    votesClass: labels,
  };
}

async function timeNeighbours({ load, distributions, random, samples, large, time }) {
  const { nearestRows, rootsOf } = await load('metrics/nearest.js');
  const { nearestPoints } = await load('metrics/nearest-points.js');
  for (const count of [samples, large]) {
    const roots = rootsOf(distributions(count));
    time('neighbours by target distribution, in memory', count, bars.distributions, () => {
      const row = random.integer(count) * classes;
      return nearestRows(roots, roots.slice(row, row + classes), 12);
    });
  }
  // Variance falls as that of features does: each component half as wide as eight before it.
  const widths = Array.from({ length: components }, (_, k) => 2 ** (-k / 8));
  const points = new Float32Array(samples * components);
  for (let start = 0; start < points.length; start += components) {
    const group = random.integer(classes);
    for (let k = 0; k < components; k++) points[start + k] = widths[k] * (normal(random) + (k === group ? 4 : 0));
  }
  time(`neighbours by features, ${components} components`, samples, bars.features, () => {
    const row = random.integer(samples) * components;
    return nearestPoints(points, points.slice(row, row + components), 12);
  });
}
