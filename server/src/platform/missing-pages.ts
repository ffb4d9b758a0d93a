import express, { type Router } from 'express';
import { parseGlobalId } from '../graphql/global-id.js';

/** Finds whether something is there, by the path that its page has. */
export type Finders = Readonly<Record<string, { kind: string; find: (row: number) => Promise<unknown> }>>;

/** Paths below a folder that are no thing of it. */
const pages = new Set(['import', 'new', 'compare']);

/** Tells the page that what it is about is not there. */
const header = 'x-missing';

/**
 * Pages of things that are not there answer 404, with the dashboard's own words: a header of the request tells them.
 * Next has begun to answer 200 when it could know: the status is changed on the way out.
 */
export function missingPages(finders: Finders): Router {
  const router = express.Router();
  router.use((request, _response, next) => {
    delete request.headers[header];
    next();
  });
  for (const [folder, { kind, find }] of Object.entries(finders))
    router.get([`/${folder}/:id`, `/${folder}/:id/*rest`], async (request, response, next) => {
      const id = String(request.params['id']);
      if (pages.has(id)) return next();
      const parsed = parseGlobalId(id);
      if (parsed?.kind === kind && (await find(parsed.row)) !== null) return next();
      request.headers[header] = kind;
      const write = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => typeof response;
      response.writeHead = ((status: number, ...rest: unknown[]) =>
        write(status === 200 ? 404 : status, ...rest)) as typeof response.writeHead;
      next();
    });
  return router;
}
