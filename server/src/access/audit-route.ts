import { once } from 'node:events';
import express, { type Router } from 'express';
import type { AuditEntry } from './audit-entry.entity.js';
import type { AuditService } from './audit.service.js';

const columns = ['row', 'at', 'actor', 'action', 'subject', 'details'] as const;

/** `GET /audit.csv`: the whole audit log, newest first, with a line of names. */
export function auditRoute(audit: AuditService): Router {
  const router = express.Router();
  router.get('/audit.csv', async (_request, response, next) => {
    try {
      response.set({ 'Content-Disposition': 'attachment; filename="audit.csv"', 'Cache-Control': 'no-store' });
      response.type('text/csv; charset=utf-8').write(`${columns.join(',')}\r\n`);
      for await (const entries of audit.all()) {
        if (!response.write(entries.map(lineOf).join(''))) await once(response, 'drain');
      }
      response.end();
    } catch (error) {
      next(error);
    }
  });
  return router;
}

function lineOf(entry: AuditEntry): string {
  const { row, at, actor, action, subject } = entry;
  return `${[row, at.toISOString(), actor, action, subject, entry.detailsAsText].map(cell).join(',')}\r\n`;
}

/** RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
