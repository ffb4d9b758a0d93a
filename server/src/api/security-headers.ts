import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The dashboard reads it from its request, and writes it on the scripts of a page. */
const nonceHeader = 'x-nonce';

/** Next looks here for the nonce of its own scripts. */
const policyHeader = 'content-security-policy';

/**
 * What a browser may do with a page: run scripts of this server that carry the page's nonce, and nothing from elsewhere.
 * Styles may stand in elements: Mantine and echarts place things by them. `unsafe-eval`: regl compiles its drawing
 * with `Function`, and a page that cannot be made to run foreign text through it is no worse for it.
 */
function policy(nonce: string): Record<string, string[]> {
  return {
    'default-src': ["'self'"],
    'script-src': ["'self'", `'nonce-${nonce}'`, "'unsafe-eval'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'"],
    'worker-src': ["'self'", 'blob:'],
    'object-src': ["'none'"],
    'base-uri': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'self'"],
  };
}

/** Before every route. A nonce that a client sends is not kept. */
export function securityHeaders(): RequestHandler[] {
  const others = helmet({
    contentSecurityPolicy: false,
    // A notebook on another port of the same machine may show faces; another site may not.
    crossOriginResourcePolicy: { policy: 'same-site' },
    // A form's post says where it comes from: `HostGate` asks.
    referrerPolicy: { policy: 'same-origin' },
    // A proxy that speaks TLS decides that for its name.
    strictTransportSecurity: false,
  });
  const scripts: RequestHandler = (request, response, next) => {
    const nonce = randomBytes(16).toString('base64');
    const text = Object.entries(policy(nonce))
      .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
      .join('; ');
    request.headers[nonceHeader] = nonce;
    request.headers[policyHeader] = text;
    response.setHeader('Content-Security-Policy', text);
    next();
  };
  return [others, scripts];
}
