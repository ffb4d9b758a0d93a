import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Router } from 'express';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { observationRoute } from '../api/observation/observation-route.js';
import { PlatformMetrics, type PlatformReading } from '../api/observation/platform-metrics.js';
import { freeRoom } from '../storage/room-taken.js';
import { leaseSeconds } from '../runs/queue/run-lease.js';

interface Row {
  runs: Record<string, number>;
  epochs: number;
  imagesPerSecond: number;
  workers: number;
  imports: number;
}

/** What whoever runs the platform sees of it: counts, and routes that say them. */
export function openObservation(
  dataSource: DataSource,
  dataDirectory: string,
): { metrics: PlatformMetrics; router: Router } {
  const metrics = new PlatformMetrics(() => readPlatform(dataSource, dataDirectory));
  const router = observationRoute(metrics, {
    database: () => dataSource.query('SELECT 1'),
    dataDirectory: () => access(dataDirectory, constants.W_OK),
  });
  return { metrics, router };
}

/** What `/metrics` says of database and disk, in one statement. Rejects where the database does not answer. */
async function readPlatform(dataSource: DataSource, dataDirectory: string): Promise<PlatformReading> {
  const [rows, diskFree] = await Promise.all([
    dataSource.query<Row[]>(
      `SELECT (SELECT coalesce(jsonb_object_agg(state, n), '{}')
                 FROM (SELECT lower(state::text) AS state, count(*)::int AS n FROM training_run GROUP BY 1) AS states) AS runs,
              (SELECT count(*)::int FROM epoch) AS epochs,
              (SELECT coalesce(sum((progress->>'imagesPerSecond')::float8), 0)
                 FROM training_run WHERE state = 'RUNNING') AS "imagesPerSecond",
              (SELECT count(*)::int FROM worker
                WHERE stopped_at IS NULL AND now() - last_seen <= make_interval(secs => $1)) AS workers,
              (SELECT count(*)::int FROM import_job WHERE state IN ('QUEUED', 'RUNNING')) AS imports`,
      [leaseSeconds],
    ),
    freeRoom(dataDirectory),
  ]);
  const { master } = dataSource.driver as unknown as { master: Pool };
  return {
    ...rows[0],
    pool: { total: master.totalCount, idle: master.idleCount, waiting: master.waitingCount },
    diskFree,
  };
}
