import { Command } from 'commander';
import type { Janitor, StoredPile } from '../storage/janitor/janitor.js';

export interface TidySession {
  janitor: Pick<Janitor, 'tidy'>;
  close(): Promise<void>;
}

/** `adadf tidy`: what a running platform does every hour. */
export function tidyCommand(connect: () => Promise<TidySession>): Command {
  return new Command('tidy')
    .description('Take away what nobody needs any more: old uploads, leftovers, events, logs, trash.')
    .option('--dry-run', 'only say what would go')
    .action(async ({ dryRun = false }: { dryRun?: boolean }) => {
      const { janitor, close } = await connect();
      try {
        const piles = await janitor.tidy(dryRun);
        process.stdout.write(formatPiles(piles, dryRun));
        if (piles.some(({ trouble }) => trouble !== null)) process.exitCode = 1;
      } finally {
        await close();
      }
    });
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Like `3.4 MiB`. */
export function inUnits(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** A line a pile, aligned: how much there is, what went, and the rule. */
export function formatPiles(piles: readonly StoredPile[], dryRun: boolean): string {
  const rows = piles.map(({ name, rule, things, bytes, goneThings, goneBytes, trouble }) => [
    name,
    String(things),
    inUnits(bytes),
    goneThings === 0 ? '' : `${goneThings} (${inUnits(goneBytes)})`,
    trouble === null ? `kept ${rule}` : `NOT TIDIED: ${trouble}`,
  ]);
  const head = ['', 'there', '', dryRun ? 'would go' : 'went', ''];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 1 || column === 2 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
