import path from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  // node_modules lies beside web/, not in it.
  turbopack: { root: path.resolve(import.meta.dirname ?? process.cwd(), '..') },
};
export default config;
