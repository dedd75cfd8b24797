/** What a link carries along: the environment and the time that are being looked at. */
export const keptParams = ['env', 'from', 'to', 'tz', 'live'] as const;

/**
 * The address of `href` with the kept parameters of the present address added, where `href` does not set them itself.
 * Addresses of other sites and bare fragments are left as they are.
 */
export function keepParams(href: string, current: URLSearchParams): string {
  if (!href.startsWith('/') || href.startsWith('//')) return href;
  const [beforeHash = '', hash] = href.split('#', 2);
  const [path = '', query = ''] = beforeHash.split('?', 2);
  const params = new URLSearchParams(query);
  for (const name of keptParams) {
    const value = current.get(name);
    if (value !== null && !params.has(name)) params.set(name, value);
  }
  const text = params.toString();
  return `${path}${text ? `?${text}` : ''}${hash === undefined ? '' : `#${hash}`}`;
}
