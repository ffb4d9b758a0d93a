// Hashes of everything that must not depend on how often somebody was killed meanwhile; times and rates are left out.
import { createHash } from 'node:crypto';

const hash = (value) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
const rowOf = (id) => Number(id.slice(id.lastIndexOf('_') + 1));

const ofARun = {
  losses:
    'SELECT number, learning_rate, ramps, losses, class_distributions FROM epoch WHERE run_row = $1 ORDER BY number',
  outputs: `SELECT epoch, split, chunk, encode(sha256(data), 'hex') AS data FROM epoch_column_chunk WHERE run_row = $1 ORDER BY epoch, split, chunk`,
  metrics: `SELECT to_jsonb(m) - 'run_row' AS metrics FROM split_metrics m WHERE run_row = $1 ORDER BY epoch, split`,
  checkpoints:
    'SELECT c.sha256 FROM checkpoint c JOIN training_run r ON r.model_row = c.model_row WHERE r."row" = $1 ORDER BY c.kind',
};

/** Of a run: epochs, losses, outputs, metrics, weights. */
export async function runEnd(platform, id) {
  const ends = {};
  for (const [name, sql] of Object.entries(ofARun)) ends[name] = hash(await platform.rows(sql, [rowOf(id)]));
  return ends;
}

const samples = `SELECT "index", key, split, given_label, image_path, content_hash FROM sample WHERE dataset_row = $1 ORDER BY "index"`;

/** Of a data set that was imported from an archive: its rows, and the bytes of its images as they are served. */
export async function importEnd(platform, id) {
  const rows = await platform.rows(samples, [rowOf(id)]);
  const missing = (await platform.missingImages(rows.map(({ image_path: name }) => name))).length;
  return { rows: rows.length, content: hash(rows), missing };
}
