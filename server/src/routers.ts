import type { Router } from 'express';
import { imageRoute } from './datasets/image-route.js';
import { uploadRoute } from './models/uploads/upload-route.js';
import type { PlatformServices } from './services.js';

/** Whatever answers over HTTP beside GraphQL and the dashboard: a new route is a line here. */
export function platformRouters({ samples, uploads }: PlatformServices): Router[] {
  return [imageRoute(samples), uploadRoute(uploads)];
}
