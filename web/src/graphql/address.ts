/** Where the platform is mounted: empty, or a path such as `/user/ada/proxy/4500`, which a proxy in front of it serves it below (BASE_PATH). */
const basePath = process.env.NEXT_PUBLIC_BASE_PATH ?? '';

/**
 * Address of a path of the server that links do not lead to, and that the server did not give (`/graphql`, `/uploads`),
 * and path of the page's own address bar: the router's paths begin below the place where the platform is mounted.
 */
export function serverPath(path: string): string {
  return `${basePath}${path}`;
}

/** What the page shows, as a path that the router takes: without the place where the platform is mounted. */
export function placeOfAddress(): string {
  const { pathname, search } = window.location;
  return (pathname.startsWith(basePath) ? pathname.slice(basePath.length) : pathname) + search;
}

/** Subscriptions, by the page's own host: whatever name it was opened by. */
export function socketUrl(): string {
  return `${window.location.origin.replace(/^http/, 'ws')}${serverPath('/graphql')}`;
}
