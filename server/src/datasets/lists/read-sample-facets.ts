import type { DataSource } from 'typeorm';
import { InvalidInputError } from '../../errors.js';
import type { Dataset } from '../dataset.entity.js';
import { filterSamples, sampleSql } from '../filter-sql.js';
import type { SampleFilter } from '../sample-filter.js';
import { type EqualBins, SampleFacets, type SamplesOfSplit } from './sample-facets.js';

const mostBins = 200;

/** Counts of a filter, one statement a question. @throws InvalidInputError for a filter that cannot be. */
export function readSampleFacets(dataSource: DataSource, dataset: Dataset, filter: SampleFilter): SampleFacets {
  const { where, values } = filterSamples(dataset, filter);
  const ask = <Row>(select: string, end = ''): Promise<Row[]> =>
    dataSource.query(`SELECT ${select} FROM sample s WHERE ${where} ${end}`, values);
  let bySplit: Promise<SamplesOfSplit[]> | undefined;
  return Object.assign(new SampleFacets(), {
    ask: {
      splits: () =>
        (bySplit ??= ask<SamplesOfSplit>('s.split, count(*)::int AS samples', 'GROUP BY s.split ORDER BY s.split')),
      givenLabels: async () => {
        const rows = await ask<{ label: number; samples: number }>(
          's.given_label AS label, count(*)::int AS samples',
          'GROUP BY 1',
        );
        const counts = new Array<number>(dataset.classes.length).fill(0);
        for (const { label, samples } of rows) counts[label] = samples;
        return counts;
      },
      votesEntropy: (bins: number) => binsOf(dataset.classes.length, bins, ask),
    },
  });
}

type Ask = <Row>(select: string, end?: string) => Promise<Row[]>;

/** Bins of [0, log C]; an entropy of log C belongs to the last. */
async function binsOf(classes: number, bins: number, ask: Ask): Promise<EqualBins> {
  if (!Number.isInteger(bins) || bins < 1 || bins > mostBins)
    throw new InvalidInputError('bins', `an integer from 1 to ${mostBins}`, bins);
  const maximum = Math.log(classes);
  const bin = `CASE WHEN e.value IS NULL THEN -1 ELSE least(${bins - 1}, floor(e.value / ${maximum} * ${bins}))::int END`;
  const rows = await ask<{ bin: number; samples: number }>(
    `${bin.replaceAll('e.value', sampleSql.votesEntropy)} AS bin, count(*)::int AS samples`,
    'GROUP BY 1',
  );
  const counts = new Array<number>(bins).fill(0);
  for (const { bin: place, samples } of rows) if (place >= 0) counts[place] = samples;
  return { counts, minimum: 0, maximum, unknown: rows.find((row) => row.bin < 0)?.samples ?? 0 };
}
