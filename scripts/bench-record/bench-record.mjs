// A run that is trained elsewhere: recorded through python/adadf.py at the size of RAF-DB, and read back as a frame.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** RAF-DB has 12,271 training and 3,068 test images; the paper trains 75 epochs. */
const sizes = {
  full: { train: 12_271, test: 3_068, epochs: 75 },
  quick: { train: 12_271, test: 3_068, epochs: 10 },
};
/** Seconds of all 75 epochs of the training images; seconds of the frame of all images. */
const bars = { record: 60, frame: 2 };

/** Ends with an exit code of 1 where a bar is missed. */
export async function benchRecord({ root, quick, pythons, print }) {
  const python = await withNumpy(pythons);
  if (python === null) {
    print(`None of ${pythons.join(', ')} can import numpy: --python PROGRAM names one that can.`);
    return 2;
  }
  const dist = path.join(root, 'dist/server/src');
  const { openDatabase } = await import(path.join(dist, 'database/open-database.js'));
  const folder = await mkdtemp(path.join(tmpdir(), 'ada-df-bench-record-'));
  const size = quick ? sizes.quick : sizes.full;
  const database = await openDatabase({ databaseUrl: undefined, dataDirectory: folder, log: () => undefined });
  let child;
  try {
    await seed(database.dataSource, size);
    child = fork(path.join(root, 'scripts/bench-record/serve.mjs'), [dist, database.url, folder], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [],
    });
    const [{ url }] = await once(child, 'message');
    const script = path.join(root, 'scripts/bench-record/record.py');
    const sizesOf = [size.train, size.test, size.epochs].map(String);
    const { stdout } = await promisify(execFile)(python, [script, url, 'bench', ...sizesOf], { timeout: 3_600_000 });
    child.send('cpu');
    const [{ cpu }] = await once(child, 'message');
    return report(JSON.parse(stdout), size, cpu, print);
  } finally {
    child?.disconnect();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function report({ one, both, frame }, { train, test, epochs }, cpu, print) {
  const images = (n) => n.toLocaleString('en');
  print(`| ${epochs} epochs | seconds | an epoch | the training waits, an epoch |`);
  print('| --- | ---: | ---: | ---: |');
  for (const [what, [seconds, waited, taken]] of [
    [`${images(train)} samples recorded`, one],
    [`${images(train)} and ${images(test)} samples recorded`, both],
  ])
    print(
      `| ${what}${taken ? '' : ' (NOT ALL TAKEN)'} | ${seconds.toFixed(1)} | ${(seconds / epochs).toFixed(2)} | ${waited.toFixed(3)} |`,
    );
  const [seconds, rows, kind] = frame.toSorted((a, b) => a[0] - b[0])[1];
  print(`| read back as a frame, ${images(rows)} rows (${kind}) | ${seconds.toFixed(2)} | | |`);
  print(`The server used ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of processor time.`);
  const share = epochs / sizes.full.epochs;
  const missed = [
    ...(one[0] > bars.record * share ? [`recording took longer than ${(bars.record * share).toFixed(0)} s`] : []),
    ...(seconds > bars.frame ? [`the frame took longer than ${bars.frame} s`] : []),
  ];
  for (const text of missed) print(`MISSED: ${text}`);
  return missed.length > 0 || !one[2] || !both[2] ? 1 : 0;
}

async function withNumpy(pythons) {
  for (const python of pythons)
    if (
      await promisify(execFile)(python, ['-c', 'import numpy']).then(
        () => true,
        () => false,
      )
    )
      return python;
  return null;
}

async function seed(dataSource, { train, test }) {
  const classes = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];
  const imported = train + test;
  const facts = { source: 'bench', imported, skipped: 0, skippedByReason: {}, skippedRows: [], choices: {} };
  const [{ row }] = await dataSource.query(
    `INSERT INTO "dataset" ("name", "format", "classes", "image_root", "import_report") VALUES ('bench', 'bench', $1, $2, $3) RETURNING "row"`,
    [classes, tmpdir(), facts],
  );
  await dataSource.query(
    `INSERT INTO "sample" ("dataset_row", "index", "key", "split", "given_label", "votes", "image_path", "width", "height")
     SELECT $1, n, 'sample-' || lpad(n::text, 6, '0'), (CASE WHEN n < $2::int THEN 'TRAIN' ELSE 'TEST' END)::split, n % 7,
            ARRAY[n % 3, 1, 0, n % 5, 2, 0, 1], 'face.png', 100, 100 FROM generate_series(0, $3::int - 1) AS n`,
    [row, train, imported],
  );
}
