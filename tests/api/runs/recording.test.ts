import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EpochResult, SplitOutputs } from '../../../server/src/runs/recorded/epoch-result.js';
import { defaultConfiguration } from '../../../server/src/runs/settings/configure-training.js';
import { Split } from '../../../server/src/split.js';
import { recordRun, Recorder, type Refusal } from '../../support/recording.js';
import { seedDataset, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset, recorder: Recorder;
let own: { id: string; results: EpochResult[] };

beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource);
  recorder = new Recorder(server, seeded);
  const { run, results } = await seedRun(server.database.dataSource, seeded, { epochs: 3 });
  own = { id: run.id, results };
});
afterAll(() => server.close());

function keyOf(row: number): string {
  return seeded.samples.find((sample) => sample.row === row)!.key;
}

/** All that a split said, as JSON lines. */
function lines(outputs: SplitOutputs, classes = 3): string {
  const vector = (values: Float32Array, n: number): number[] => [...values.subarray(n * classes, (n + 1) * classes)];
  return [...outputs.sampleRows]
    .map((row, n) =>
      JSON.stringify({
        key: keyOf(row),
        target: vector(outputs.targetDistributions, n),
        label: vector(outputs.labelDistributions, n),
        auxiliary_attention: outputs.auxiliaryAttention[n],
        target_attention: outputs.targetAttention[n],
      }),
    )
    .join('\n');
}

async function recordAll(results: readonly EpochResult[]): Promise<string> {
  const { minimumFusionWeight: minimum, maximumFusionWeight: maximum } = defaultConfiguration;
  const run = await recorder.begin({ fusion: { minimum, maximum } });
  for (const { number, outputs, classDistributions, fallbackRows, classCounts } of results) {
    const rows = Array.from({ length: 3 }, (_, y) => [...classDistributions.subarray(3 * y, 3 * y + 3)]);
    const facts = await fetch(`${server.url}/runs/${run}/epochs/${number}`, {
      method: 'PUT',
      body: JSON.stringify({ classDistributions: rows, fallbackRows, classCounts }),
    });
    expect(facts.status).toBe(200);
    for (const split of outputs) expect((await recorder.put(run, number, split.split, lines(split))).status).toBe(201);
  }
  return run;
}

const everything = `query ($id: ID!) { trainingRun(id: $id) {
  epochs { number metrics { split samples accuracy auxiliaryAccuracy balancedAccuracy macroF1 labelEntropy votesKlLabel votesKlFused votesKlTarget attention { mean p5 p95 } }
    classDistributions { class distribution fallback samples } }
  confusionMatrix(split: TRAIN, columns: FUSED) { counts expected }
  calibration(split: TRAIN) { ece brier }
  analyses(first: 60) { nodes { sample { key } epoch labelDistribution classDistribution fusedDistribution targetDistribution
    attention { auxiliary target mean fusionWeight } fusedLabel targetLabel entropy margin suggestedLabel
    trajectory { confidence variability correctness forgettingEvents aum learnedAt } } }
} }`;

describe('a recorded run', () => {
  test('that says all that ours say is read like ours, to the last digit', async () => {
    const recorded = await recordAll(own.results);
    const [ours, theirs] = [
      await server.data(everything, { id: own.id }),
      await server.data(everything, { id: recorded }),
    ];
    expect(theirs.trainingRun).toEqual(ours.trainingRun);
  });

  test('is a run of its own kind, without a configuration or a model of ours', async () => {
    const { recordRun: begun } = await server.data(recordRun, {
      input: {
        dataset: seeded.dataset.id,
        capture: 'TRAINING_PASS',
        method: 'cross-entropy',
        configuration: { optimizer: { lr: 0.1 }, mixup: true },
      },
    });
    expect(begun).toMatchObject({
      kind: 'RECORDED',
      state: 'RUNNING',
      configuration: null,
      model: null,
      recording: { capture: 'TRAINING_PASS', configuration: { optimizer: { lr: 0.1 }, mixup: true } },
    });
    expect(begun.uploadUrl).toBe(`/runs/${begun.id}/epochs/{epoch}/{split}`);
    const found = await server.data(
      `{ trainingRuns(search: "optimizer.lr=0.1 cross") { nodes { id settings { name value } } } }`,
    );
    expect(found.trainingRuns.nodes).toMatchObject([{ id: begun.id }]);
    expect(found.trainingRuns.nodes[0].settings).toContainEqual({ name: 'optimizer.lr', value: '0.1' });
    expect(
      (await server.data(`{ trainingRuns(search: "optimizer.lr=0.2") { totalCount } }`)).trainingRuns.totalCount,
    ).toBe(0);
  });

  test('of a plain classifier has null where it said nothing', async () => {
    const run = await recorder.begin();
    expect((await recorder.put(run, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 1))).status).toBe(201);
    const { trainingRun } = await server.data(
      `query ($id: ID!) { trainingRun(id: $id) {
        epoch { learningRate losses { total } ramps { crossEntropy } classDistributions { class } metrics { accuracy auxiliaryAccuracy labelEntropy attention { mean } } }
        confusionMatrix(split: TRAIN) { samples expected }
        facets { classes(opinion: TARGET) { samples } }
        health { signature }
        analyses(first: 1, orderBy: MARGIN) { nodes { targetDistribution labelDistribution classDistribution fusedDistribution attention { mean } auxiliaryLabel fusedLabel entropy normalisedEntropy margin loss
          measure(of: ENTROPY) trajectory { labelDistributions entropy aum } distance(from: LABEL, to: TARGET, measure: COSINE) } } } }`,
      { id: run },
    );
    expect(trainingRun.epoch).toMatchObject({
      learningRate: null,
      losses: null,
      ramps: null,
      classDistributions: null,
    });
    expect(trainingRun.epoch.metrics[0]).toMatchObject({
      auxiliaryAccuracy: null,
      labelEntropy: null,
      attention: null,
    });
    expect(trainingRun.confusionMatrix.samples).toBe(30);
    const [node] = trainingRun.analyses.nodes;
    expect(node).toMatchObject({
      labelDistribution: null,
      classDistribution: null,
      fusedDistribution: null,
      attention: null,
      auxiliaryLabel: null,
      fusedLabel: null,
      entropy: null,
      normalisedEntropy: null,
      loss: null,
      measure: null,
      distance: null,
      trajectory: { labelDistributions: [null], entropy: [null] },
    });
    expect(node.margin).toBeGreaterThanOrEqual(0);
    expect(node.trajectory.aum).toEqual(expect.any(Number));
  });

  test('cannot be asked for what it never said', async () => {
    const run = await recorder.begin();
    await recorder.put(run, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 1));
    for (const [question, says] of [
      ['analyses(first: 1, orderBy: ATTENTION) { totalCount }', 'recorded without'],
      ['confusionMatrix(split: TRAIN, columns: FUSED) { samples }', 'recorded without'],
      ['calibration(split: TRAIN, predictor: AUXILIARY) { ece }', 'recorded without'],
      ['analyses(first: 1, filter: {disagree: {one: GIVEN, other: AUXILIARY}}) { totalCount }', 'recorded without'],
    ] as const) {
      const { errors } = await server.query(`query ($id: ID!) { trainingRun(id: $id) { ${question} } }`, { id: run });
      expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
      expect(errors![0]!.message).toContain(says);
    }
  });

  test('takes epochs in any order, with gaps, and the same twice once', async () => {
    const [forward, backward] = [await recorder.begin(), await recorder.begin()];
    for (const epoch of [1, 2, 5]) await recorder.put(forward, epoch, Split.TRAIN, recorder.logits(Split.TRAIN, epoch));
    for (const epoch of [5, 1, 2, 5])
      expect(
        (await recorder.put<{ state: string }>(backward, epoch, Split.TRAIN, recorder.logits(Split.TRAIN, epoch)))
          .answer.state,
      ).toMatch(/RECORDED/);
    const again = await recorder.put<{ state: string }>(
      backward,
      2,
      Split.TRAIN,
      recorder.logits(Split.TRAIN, 2).split('\n').reverse().join('\n'),
    );
    expect(again).toMatchObject({ status: 200, answer: { state: 'ALREADY_RECORDED' } });
    const question = `query ($id: ID!) { trainingRun(id: $id) { epochs { number metrics { split accuracy } } parts { epoch split samples missing columns }
      analyses(first: 60) { nodes { epoch trajectory { epochs confidence aum correctness forgettingEvents } measure(of: AUM) } }
      past: analyses(first: 60, epoch: 2) { nodes { measure(of: CONFIDENCE) } } } }`;
    const [one, other] = [await server.data(question, { id: forward }), await server.data(question, { id: backward })];
    expect(other.trainingRun).toEqual(one.trainingRun);
    expect(one.trainingRun.epochs.map(({ number }: { number: number }) => number)).toEqual([1, 2, 5]);
    expect(one.trainingRun.analyses.nodes[0].trajectory.epochs).toEqual([1, 2, 5]);
    const missing = await server.query(
      `query ($id: ID!) { trainingRun(id: $id) { analyses(first: 1, epoch: 3) { totalCount } } }`,
      { id: forward },
    );
    expect(missing.errors?.[0]?.message).toContain('recorded epochs 1, 2, 5');
  });

  test('keeps what it accepted: other numbers for the same epoch are a conflict unless they are to replace', async () => {
    const run = await recorder.begin();
    await recorder.put(run, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 1));
    const other = await recorder.put<Refusal>(run, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 4));
    expect(other.status).toBe(409);
    expect(other.answer.error).toMatchObject({ code: 'CONFLICT' });
    const replaced = await recorder.put(run, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 4), '?replace=true');
    expect(replaced).toMatchObject({ status: 201, answer: { state: 'REPLACED', samples: 30, missing: 0 } });
    const { trainingRun } = await server.data(
      `query ($id: ID!) { trainingRun(id: $id) { parts { epoch } analyses(first: 60) { totalCount } } }`,
      {
        id: run,
      },
    );
    expect(trainingRun).toEqual({ parts: [{ epoch: 1 }], analyses: { totalCount: 30 } });
  });

  test('may speak of some samples only, and of more later', async () => {
    const run = await recorder.begin();
    const first = await recorder.put(
      run,
      1,
      Split.TRAIN,
      recorder.logits(Split.TRAIN, 1, (n) => n < 20),
    );
    expect(first.answer).toMatchObject({ samples: 20, missing: 10 });
    await recorder.put(
      run,
      2,
      Split.TRAIN,
      recorder.logits(Split.TRAIN, 2, (n) => n >= 10),
    );
    const { trainingRun } = await server.data(
      `query ($id: ID!) { trainingRun(id: $id) { analyses(first: 60) { totalCount nodes { epoch trajectory { epochs } } } at: analyses(first: 60, epoch: 1) { totalCount } } }`,
      { id: run },
    );
    expect(trainingRun.analyses.totalCount).toBe(30);
    expect(trainingRun.at.totalCount).toBe(20);
    expect(trainingRun.analyses.nodes[0]).toEqual({ epoch: 1, trajectory: { epochs: [1] } });
    expect(trainingRun.analyses.nodes[15]).toEqual({ epoch: 2, trajectory: { epochs: [1, 2] } });
    expect(trainingRun.analyses.nodes[25]).toEqual({ epoch: 2, trajectory: { epochs: [2] } });
  });

  test('has splits of its own, and no sample in two of them', async () => {
    const run = await recorder.begin();
    expect(
      (
        await recorder.put(
          run,
          1,
          Split.VALIDATION,
          recorder.logits(Split.TRAIN, 1, (n) => n >= 25),
        )
      ).answer,
    ).toMatchObject({
      samples: 5,
      missing: 0,
    });
    const leak = await recorder.put<Refusal>(run, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 1));
    expect(leak.answer.error).toMatchObject({ row: 26, code: 'INVALID_INPUT' });
    expect(leak.answer.error.message).toContain('VALIDATION');
    expect(
      (
        await recorder.put(
          run,
          1,
          Split.TRAIN,
          recorder.logits(Split.TRAIN, 1, (n) => n < 25),
        )
      ).answer,
    ).toMatchObject({
      samples: 25,
      missing: 0,
    });
  });

  test('says its classes in an order of its own', async () => {
    const run = await recorder.begin({ classes: ['surprise', 'anger', 'fear'] });
    const key = seeded.samples[0]!.key;
    await recorder.put(run, 1, Split.TRAIN, JSON.stringify({ key, target: [0.75, 0.125, 0.125] }));
    const { trainingRun } = await server.data(
      `query ($id: ID!) { trainingRun(id: $id) { analyses(first: 1) { nodes { targetDistribution targetLabel } } } }`,
      { id: run },
    );
    expect(trainingRun.analyses.nodes).toEqual([{ targetDistribution: [0.125, 0.125, 0.75], targetLabel: 'surprise' }]);
  });

  test('ends, takes nothing more, and is opened again', async () => {
    const run = await recorder.begin();
    await recorder.put(run, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 1));
    const finish = `mutation ($run: ID!, $state: RecordedOutcome) { finishRun(run: $run, state: $state) { state finishedAt } }`;
    expect((await server.data(finish, { run })).finishRun.state).toBe('COMPLETED');
    expect((await server.data(finish, { run })).finishRun.state).toBe('COMPLETED');
    expect((await recorder.put(run, 2, Split.TRAIN, recorder.logits(Split.TRAIN, 2))).status).toBe(409);
    expect((await recorder.put(run, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 1))).status).toBe(200);
    await server.data(`mutation ($run: ID!) { resumeTraining(run: $run) { state } }`, { run });
    expect((await recorder.put(run, 2, Split.TRAIN, recorder.logits(Split.TRAIN, 2))).status).toBe(201);
  });

  test('is not retrained: the answer says what to do instead', async () => {
    const run = await recorder.begin();
    const { errors } = await server.query(
      `mutation ($run: ID!, $set: ID!) { retrain(run: $run, input: {labelSet: $set}) { id } }`,
      { run, set: 'labelset_1' },
    );
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'CONFLICT' } });
    expect(errors![0]!.message).toContain('label set');
  });
});
