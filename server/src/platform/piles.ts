import type { DataSource } from 'typeorm';
import type { ImageContent } from '../datasets/images/image-content.js';
import { drawnPile, imagePile } from '../datasets/images/image-piles.js';
import { unpackedPile, uploadPile } from '../datasets/uploads/upload-piles.js';
import type { UploadStore } from '../datasets/uploads/upload-store.js';
import { exportPile } from '../models/exports/export-pile.js';
import { recordedPile } from '../runs/recording/weights/recorded-pile.js';
import { modelPile } from '../models/model-pile.js';
import type { DataStore } from '../storage/data-store.js';
import { inWords, type Keeping, type Pile } from '../storage/janitor/pile.js';
import { RowPile } from '../storage/janitor/row-pile.js';
import { nothing } from '../storage/room-taken.js';
import { trashPile } from '../storage/janitor/trash-pile.js';

interface Kept {
  dataSource: DataSource;
  store: DataStore;
  content: ImageContent;
  uploads: UploadStore;
}

const endedRun = `(SELECT "row" FROM training_run WHERE state NOT IN ('QUEUED', 'RUNNING'))`;
const dayMilliseconds = 24 * 3_600_000;

/** Everything that piles up, files before rows. The trash is last: what goes into it today stays. */
export function pilesOf({ dataSource, store, content, uploads }: Kept, keeping: Keeping): Pile[] {
  return [
    uploadPile(store, uploads),
    unpackedPile(dataSource, store),
    imagePile(dataSource, content, keeping),
    drawnPile(dataSource, store, keeping),
    modelPile(dataSource, store, keeping),
    recordedPile(dataSource, store, keeping),
    exportPile(dataSource, store, keeping),
    ...rowPiles(dataSource, keeping),
    wholeDatabase(dataSource),
    trashPile(store, keeping),
  ];
}

function rowPiles(dataSource: DataSource, { events, logs, keys, pastAnalyses }: Keeping): Pile[] {
  return [
    new RowPile(dataSource, {
      name: 'progress of runs',
      rule: 'for a day',
      table: 'run_event',
      old: `t.kind = 'PROGRESS' AND t.at < $1`,
      milliseconds: dayMilliseconds,
    }),
    new RowPile(dataSource, {
      name: 'events of runs',
      rule: `for ${inWords(events)} once the run has ended`,
      table: 'run_event',
      old: `t.at < $1 AND t.run_row IN ${endedRun}`,
      milliseconds: events,
    }),
    new RowPile(dataSource, {
      name: 'logs of runs',
      rule: `for ${inWords(logs)} once the run has ended`,
      table: 'run_log',
      old: `t.created_at < $1 AND t.run_row IN ${endedRun}`,
      milliseconds: logs,
    }),
    new RowPile(dataSource, {
      name: 'keys of mutations',
      rule: `for ${inWords(keys)}`,
      table: 'idempotency_key',
      old: 't.created_at < $1',
      milliseconds: keys,
    }),
    new RowPile(dataSource, {
      name: 'measures of earlier epochs',
      rule: `for ${inWords(pastAnalyses)} from their last use; they are computed again when they are asked for`,
      table: 'past_analysis',
      sized: 'past_sample_analysis',
      old: 't.used_at < $1',
      milliseconds: pastAnalyses,
    }),
  ];
}

function wholeDatabase(dataSource: DataSource): Pile {
  return {
    name: 'database',
    rule: 'as a whole, with the rows above',
    measure: async () => {
      const [{ bytes }] = (await dataSource.query('SELECT pg_database_size(current_database())::float8 AS bytes')) as [
        { bytes: number },
      ];
      return { things: 1, bytes };
    },
    tidy: () => Promise.resolve(nothing),
  };
}
