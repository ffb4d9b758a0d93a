import path from 'node:path';
import express, { type Router } from 'express';
import { repositoryRoot } from './repository-root.js';

/** `GET /python/adadf.py`: the Python file that records runs and reads them. */
export function pythonRoute(): Router {
  const router = express.Router();
  router.get('/python/adadf.py', (_request, response) => {
    response.set({ 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' });
    response.type('text/x-python; charset=utf-8').sendFile(path.join(repositoryRoot, 'python', 'adadf.py'));
  });
  return router;
}
