// What is asked. `query` may use what `after` kept of the answer before; `warm` questions come first and are not
// counted.
const whole = (
  epoch,
) => `labelDistribution(epoch: ${epoch}) classDistribution(epoch: ${epoch}) fusedDistribution(epoch: ${epoch}) targetDistribution(epoch: ${epoch})
  attention(epoch: ${epoch}) { auxiliary target mean fusionWeight } distance(from: FUSED, to: VOTES, measure: JENSEN_SHANNON, epoch: ${epoch})
  at(epoch: 37) { targetDistribution } trajectory { epochs labelDistributions targetDistributions auxiliaryAttention targetAttention targetLabels confidence variability correctness forgettingEvents aum }`;
const neighbours = (epoch) =>
  `neighbours(first: 12, epoch: ${epoch}) { distance analysis { targetDistribution sample { id key } } }`;
const node = 'sample { id key } givenLabel targetLabel targetDistribution attention { mean }';
const hard =
  '{ or: [{ correct: false, measures: [{ measure: ENTROPY, minimum: 1.2 }] }, { not: { givenLabel: "fear" }, measures: [{ measure: ATTENTION, maximum: 0.3 }] }] }';

export function questions({ samples, epochs, run, firstSample }, random) {
  const anySample = () => `sample_${firstSample + random.integer(samples)}`;
  const anyEpoch = () => 1 + random.integer(epochs);
  const middle = Math.min(37, epochs);
  const ofRun = (fields) => `{ trainingRun(id: "run_${run}") { ${fields} } }`;
  const sample = (fields) =>
    `{ sample(id: "${anySample()}") { votes ${fields.replaceAll('epoch: 37', `epoch: ${middle}`)} } }`;
  /** Pages one behind the other, from the start. */
  const pages = (argumentsText) => ({
    query: (state) =>
      ofRun(
        `analyses(first: 50, ${argumentsText}${state.after ? `, after: "${state.after}"` : ''}) { nodes { ${node} } pageInfo { endCursor hasNextPage } }`,
      ),
    after: (state, { trainingRun }) =>
      (state.after = trainingRun.analyses.pageInfo.hasNextPage ? trainingRun.analyses.pageInfo.endCursor : null),
  });
  /** A page wherever it lies: its cursor is made up. */
  const anywhere = (order, value, argumentsText = '') => ({
    query: () => {
      const key = Buffer.from(
        JSON.stringify([
          `analyses of run_${run} by ${order} ASCENDING`,
          value(),
          firstSample + random.integer(samples),
        ]),
      ).toString('base64url');
      return ofRun(`analyses(first: 50, orderBy: ${order}, after: "${key}"${argumentsText}) { nodes { ${node} } }`);
    },
  });
  return [
    {
      name: 'a sample: all but neighbours, any epoch',
      times: 300,
      barred: true,
      query: () => sample(whole(anyEpoch())),
    },
    {
      name: 'the same with 12 neighbours, newest epoch',
      times: 200,
      barred: true,
      query: () => sample(whole(epochs) + neighbours(epochs)),
    },
    {
      name: 'the same with 12 neighbours, any epoch',
      times: 150,
      barred: true,
      query: () => sample(((epoch) => whole(epoch) + neighbours(epoch))(anyEpoch())),
    },
    {
      name: '50 samples in the order of import, any place',
      times: 200,
      barred: true,
      ...anywhere('INDEX', () => null),
    },
    {
      name: '50 samples by entropy, any place',
      times: 200,
      barred: true,
      ...anywhere('ENTROPY', () => 0.8 + random.uniform()),
    },
    {
      name: '50 samples by AUM, any place',
      times: 200,
      barred: true,
      ...anywhere('AUM', () => 3 * random.uniform() - 1),
    },
    {
      name: '50 samples by KL(votes, fused), any place',
      times: 100,
      barred: true,
      ...anywhere('VOTES_KL_FUSED', () => 0.5 + random.uniform()),
    },
    {
      name: '50 samples by attention, nested filter, any place',
      times: 100,
      barred: true,
      ...anywhere('ATTENTION', () => 0.25 + 0.3 * random.uniform(), `, filter: ${hard}`),
    },
    {
      name: '50 samples by margin, page after page',
      times: 100,
      barred: true,
      ...pages('orderBy: MARGIN, direction: DESCENDING'),
    },
    { name: 'how many meet the nested filter', times: 50, query: () => ofRun(`facets(filter: ${hard}) { total }`) },
    {
      name: 'facets: splits, classes, histogram of the filter',
      times: 50,
      query: () =>
        ofRun(
          `facets(filter: ${hard}) { total correct classes(opinion: TARGET) { samples } histogram(measure: ENTROPY, bins: 30) { bins { samples } } }`,
        ),
    },
    {
      name: 'confusion matrix, newest epoch',
      times: 200,
      barred: true,
      query: () => ofRun('confusionMatrix(split: TRAIN) { counts normalised expected }'),
    },
    {
      name: 'confusion matrix of the filter',
      times: 50,
      query: () => ofRun(`facets(filter: ${hard}) { confusion(rows: GIVEN, columns: TARGET) }`),
    },
    {
      name: `epoch ${middle}, asked for the first time: 50 samples by entropy`,
      times: 1,
      warm: 0,
      query: () => ofRun(`analyses(first: 50, orderBy: ENTROPY, epoch: ${middle}) { nodes { ${node} } }`),
    },
    {
      name: `epoch ${middle} afterwards: 50 samples by entropy`,
      times: 50,
      barred: true,
      query: () => ofRun(`analyses(first: 50, orderBy: ENTROPY, epoch: ${middle}) { nodes { ${node} } }`),
    },
  ];
}
