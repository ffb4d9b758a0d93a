import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { drawPictures } from '../drawn-faces/draw-pictures.js';
import { drawnFace } from '../drawn-faces/drawn-face.js';
import { pixelsOf } from '../drawn-faces/face-pixels.js';
import { layouts } from '../drawn-faces/layouts/index.js';
import { writeLayout } from '../drawn-faces/write-layout.js';
import { Split } from '../split.js';
import { markdownTable } from '../engine/bench/table.js';
import { inTurns, median } from '../engine/bench/turns.js';
import { threadsUpTo } from '../threads.js';

const rounds = 3;
/** Fewer of the larger ones, so that a turn takes about a second. */
const cases = [
  { size: 48, faces: 1200 },
  { size: 96, faces: 400 },
  { size: 112, faces: 300 },
  { size: 224, faces: 90 },
];

/** Times drawing faces: on one thread, on all, and written as a manifest with PNGs. */
export async function benchFaces({ quick, print }: { quick: boolean; print: (line: string) => void }): Promise<void> {
  print(`${cpus()[0].model}, ${threadsUpTo(64)} cores\n`);
  const rows = [['size', 'one thread, faces/s', 'all threads, faces/s', 'written as PNG, faces/s']];
  for (const { size, faces } of quick ? cases.slice(0, 1) : cases) {
    const drawn = Array.from({ length: faces }, (_, number) => drawnFace(7, Split.TRAIN, number));
    const directory = await mkdtemp(path.join(tmpdir(), 'bench-faces-'));
    const contenders = {
      one: async () => drawn.forEach((face) => pixelsOf(face, 7, size)),
      all: async () => {
        for await (const _ of drawPictures({ faces: drawn, seed: 7, imageSize: size }, async () => undefined)) continue;
      },
      written: async () => {
        await writeLayout({
          layout: layouts.manifest,
          directory: path.join(directory, 'faces'),
          counts: { [Split.TRAIN]: faces, [Split.VALIDATION]: 0, [Split.TEST]: 0 },
          imageSize: size,
          seed: 7,
        });
        await rm(path.join(directory, 'faces'), { recursive: true });
      },
    };
    const times = await inTurns(
      Object.entries(contenders).map(([name, work]) => ({ name, run: async () => [await timed(work)] })),
      rounds,
      1,
    );
    rows.push([
      `${size} px`,
      ...Object.keys(contenders).map((name) => ((faces * 1000) / median(times.get(name)!)).toFixed(0)),
    ]);
    await rm(directory, { recursive: true, force: true });
  }
  print(markdownTable(rows));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
