// What every server of the comparison answers with: a page of 1,000 analyses with all vectors, by the platform's own
// readers.
const first = 1000;

/** Rows as plain objects. The samples are read by one plain statement, the analyses as the platform reads them. */
export async function pageRows({ services, dataSource, run }) {
  const page = await services.analysis.page(run, {
    first,
    after: null,
    filter: null,
    orderBy: 'INDEX',
    direction: 'ASCENDING',
  });
  const analyses = page.nodes;
  const samples = await dataSource.query(
    'SELECT "row", "key", "given_label", "votes" FROM "sample" WHERE "row" = ANY($1::int[])',
    [analyses.map(({ facts }) => facts.sampleRow)],
  );
  const byRow = new Map(samples.map((sample) => [sample.row, sample]));
  return analyses.map((analysis) => {
    const sample = byRow.get(analysis.facts.sampleRow);
    const { auxiliary, target, mean, fusionWeight } = analysis.attention;
    return {
      sample: {
        id: `sample_${sample.row}`,
        key: sample.key,
        givenLabel: run.dataset.classes[sample.given_label],
        votes: sample.votes,
      },
      labelDistribution: list(analysis.labelDistribution),
      classDistribution: list(analysis.classDistribution),
      fusedDistribution: list(analysis.fusedDistribution),
      targetDistribution: list(analysis.targetDistribution),
      attention: { auxiliary, target, mean, fusionWeight },
    };
  });
}

const list = (vector) => (Array.isArray(vector) ? vector : Array.from(vector));

export const fields = `sample { id key givenLabel votes } labelDistribution classDistribution fusedDistribution targetDistribution attention { auxiliary target mean fusionWeight }`;
export const peerQuery = `{ page { ${fields} } }`;
export const ourQuery = (run) => `{ trainingRun(id: "${run}") { analyses(first: ${first}) { nodes { ${fields} } } } }`;
