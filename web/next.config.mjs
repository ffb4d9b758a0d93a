// JavaScript, so that a started platform needs no compiler to read it.
import path from 'node:path';

/** A proxy in front of the platform serves it below this path; the pages have to be built for it. */
const basePath = (process.env.BASE_PATH ?? '').replace(/\/+$/, '');

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  basePath,
  env: { NEXT_PUBLIC_BASE_PATH: basePath },
  // node_modules lies beside web/, not in it.
  turbopack: { root: path.resolve(import.meta.dirname ?? process.cwd(), '..') },
};
export default config;
