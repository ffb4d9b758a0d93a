/** Where a proxy in front of the platform serves it: empty, or `/user/ada/proxy/4500`. */
let mount = '';

/** Called once, by whoever composes the server. @param path without a slash at its end. */
export function mountAt(path: string): void {
  mount = path;
}

/** The path by which clients reach a path of this server: what answers and redirects name. */
export function publicPath(path: string): string {
  return `${mount}${path}`;
}

/** The path of this server that a request is about: proxies cut the mount off, or leave it. */
export function pathBelowMount(url: string): string {
  if (mount === '' || !url.startsWith(mount)) return url;
  const rest = url.slice(mount.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

/**
 * The path under which the pages know themselves: the mount itself for the first one, without a slash. With it they
 * would send the browser to the path without, and a proxy that cuts the mount off would send it back, for ever.
 */
export function pagePath(url: string): string {
  return mount !== '' && /^\/(\?|$)/.test(url) ? publicPath(url.slice(1)) : publicPath(url);
}
