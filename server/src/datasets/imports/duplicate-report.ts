import { type DuplicateReport, duplicateExamplesKept } from './import-report.js';
import { type Split, splits } from '../../split.js';

/** Runs one statement. */
export type Ask = <T>(sql: string, parameters: unknown[]) => Promise<T[]>;

interface Totals {
  pictures: number;
  samples: number;
  different_labels: number;
}
interface Shared {
  first: Split;
  second: Split;
  pictures: number;
  first_samples: number;
  second_samples: number;
}
interface Example {
  samples: { key: string; split: Split; givenLabelIndex: number }[];
}

const repeated = `SELECT pixel_hash, count(*)::int AS samples, count(DISTINCT given_label) AS labels, count(DISTINCT split) AS splits,
  count(*) FILTER (WHERE split = 'TRAIN')::int AS train, count(*) FILTER (WHERE split = 'VALIDATION')::int AS validation, count(*) FILTER (WHERE split = 'TEST')::int AS test, min(index) AS first_index
  FROM sample WHERE dataset_row = $1 AND pixel_hash IS NOT NULL GROUP BY pixel_hash HAVING count(*) > 1`;

/** Most samples of a picture that an example shows. */
const samplesOfAnExample = 12;

/** Counts equal pictures of a data set in the database, so that no import holds them in memory. */
export async function duplicateReport(ask: Ask, datasetRow: number): Promise<DuplicateReport> {
  const [totals] = await ask<Totals>(
    `SELECT count(*)::int AS pictures, coalesce(sum(samples), 0)::int AS samples, (count(*) FILTER (WHERE labels > 1))::int AS different_labels FROM (${repeated}) r`,
    [datasetRow],
  );
  const { pictures, samples, different_labels: differentLabels } = totals!;
  if (pictures === 0) return { pictures, samples, differentLabels, leakage: [], examples: [] };
  return {
    pictures,
    samples,
    differentLabels,
    leakage: await leakage(ask, datasetRow),
    examples: await examples(ask, datasetRow),
  };
}

async function leakage(ask: Ask, datasetRow: number): Promise<DuplicateReport['leakage']> {
  const pairs = splits.flatMap((first, place) => splits.slice(place + 1).map((second) => [first, second] as const));
  const parts = pairs.map(([first, second]) => {
    const [a, b] = [first.toLowerCase(), second.toLowerCase()];
    return `SELECT '${first}' AS first, '${second}' AS second, count(*)::int AS pictures, coalesce(sum(${a}), 0)::int AS first_samples, coalesce(sum(${b}), 0)::int AS second_samples FROM r WHERE ${a} > 0 AND ${b} > 0`;
  });
  const rows = await ask<Shared>(`WITH r AS (${repeated}) ${parts.join(' UNION ALL ')}`, [datasetRow]);
  return rows
    .filter(({ pictures }) => pictures > 0)
    .map((row) => ({
      between: [row.first, row.second],
      pictures: row.pictures,
      samples: [row.first_samples, row.second_samples],
    }));
}

async function examples(ask: Ask, datasetRow: number): Promise<Example[]> {
  const sql = `WITH r AS (${repeated} ORDER BY count(DISTINCT split) DESC, count(DISTINCT given_label) DESC, min(index) LIMIT ${duplicateExamplesKept})
    SELECT (jsonb_agg(jsonb_build_object('key', s.key, 'split', s.split, 'givenLabelIndex', s.given_label) ORDER BY s.index)) AS samples
    FROM r JOIN sample s ON s.dataset_row = $1 AND s.pixel_hash = r.pixel_hash GROUP BY r.pixel_hash, r.splits, r.labels, r.first_index ORDER BY r.splits DESC, r.labels DESC, r.first_index`;
  const rows = await ask<Example>(sql, [datasetRow]);
  return rows.map(({ samples }) => ({ samples: samples.slice(0, samplesOfAnExample) }));
}

/** Subjects of a data set, and those with samples in more than one split. */
export async function subjectCounts(
  ask: Ask,
  datasetRow: number,
): Promise<{ different: number; inSeveralSplits: number }> {
  const sql = `SELECT count(*)::int AS different, (count(*) FILTER (WHERE splits > 1))::int AS shared
    FROM (SELECT count(DISTINCT split) AS splits FROM sample WHERE dataset_row = $1 AND subject IS NOT NULL GROUP BY subject) s`;
  const [row] = await ask<{ different: number; shared: number }>(sql, [datasetRow]);
  return { different: row!.different, inSeveralSplits: row!.shared };
}
