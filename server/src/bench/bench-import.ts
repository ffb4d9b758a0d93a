import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import sharp from 'sharp';
import { openDatabase } from '../database/open-database.js';
import { ImportService } from '../datasets/imports/import.service.js';
import { manifest } from '../datasets/importers/manifest.js';
import { SourceDirectory } from '../datasets/sources/source-directory.js';
import { randomFrom } from '../random.js';

const side = 48;
const classes = ['neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear', 'contempt'];
const mebibyte = 1024 ** 2;

interface BenchOptions {
  /** A tenth of the rows. */
  quick: boolean;
  print: (line: string) => void;
}

/**
 * Imports a generated manifest with votes and subjects, and prints the rate and the memory of this process (PostgreSQL
 * is another) on the way.
 */
export async function benchImport({ quick, print }: BenchOptions): Promise<void> {
  const [rows, pictures] = quick ? [30_000, 3_000] : [300_000, 30_000];
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bench-import-'));
  try {
    print(`Writing ${pictures} PNGs of ${side} px and a manifest of ${rows} rows …`);
    await writePictures(directory, pictures);
    await writeManifest(directory, rows, pictures);
    const database = await openDatabase({
      databaseUrl: undefined,
      dataDirectory: path.join(directory, 'data'),
      log: () => undefined,
    });
    try {
      await timed(new ImportService(database.dataSource), directory, rows, print);
    } finally {
      await database.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function timed(
  imports: ImportService,
  directory: string,
  rows: number,
  print: (line: string) => void,
): Promise<void> {
  const source = await manifest.open(await SourceDirectory.open(directory), { table: 'manifest.csv' });
  const resident = (): string => `${Math.round(process.memoryUsage.rss() / mebibyte)} MiB`;
  const started = performance.now();
  let tenth = 1;
  print('| rows | seconds | rows/s | resident |\n| ---: | ---: | ---: | ---: |');
  const row = (done: number): void => {
    const seconds = (performance.now() - started) / 1000;
    print(`| ${done} | ${seconds.toFixed(1)} | ${Math.round(done / seconds)} | ${resident()} |`);
  };
  const onProgress = ({ imported, skipped }: { imported: number; skipped: number }): void => {
    if (imported + skipped < (tenth * rows) / 10) return;
    row(imported + skipped);
    tenth++;
  };
  const { importReport } = await imports.import(source, { name: 'bench', onProgress });
  row(rows);
  print(
    `${importReport.imported} imported, ${importReport.duplicates?.pictures} pictures found more than once; peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB.`,
  );
}

/** Noise on a gradient: PNGs as large as real ones. */
async function writePictures(directory: string, count: number): Promise<void> {
  const random = randomFrom(1);
  const pixels = Buffer.alloc(side * side * 3);
  for (let folder = 0; folder < Math.ceil(count / 1000); folder++) await mkdir(path.join(directory, String(folder)));
  for (let number = 0; number < count; number++) {
    for (let place = 0; place < pixels.length; place++) pixels[place] = (place / 32 + random.integer(24)) & 255;
    await writeFile(
      path.join(directory, pictureName(number)),
      await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
        .png({ compressionLevel: 3 })
        .toBuffer(),
    );
  }
}

function pictureName(number: number): string {
  return `${Math.floor(number / 1000)}/${number}.png`;
}

async function writeManifest(directory: string, rows: number, pictures: number): Promise<void> {
  const random = randomFrom(2);
  const stream = createWriteStream(path.join(directory, 'manifest.csv'));
  stream.write(`key,path,split,subject,${classes.map((name) => `votes:${name}`).join(',')}\n`);
  for (let row = 0; row < rows; row++) {
    const votes = classes.map(() => 0);
    for (let rater = 0; rater < 10; rater++) votes[random.integer(classes.length)]++;
    if (
      !stream.write(
        `row-${row},${pictureName(row % pictures)},${row % 10 === 0 ? 'test' : 'train'},S${row % 5000},${votes.join(',')}\n`,
      )
    )
      await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}
