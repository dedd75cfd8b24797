const columns = { title: 16, version: 10, origin: 46, address: 30 } as const;

/** One line for a part that has been brought up. */
export function partLine(part: {
  title: string;
  version?: string;
  origin: string;
  address?: string;
  tookMs: number;
}): string {
  return [
    '  ',
    part.title.padEnd(columns.title),
    (part.version ?? '').padEnd(columns.version),
    part.origin.padEnd(columns.origin),
    ' ',
    (part.address ?? '').padEnd(columns.address),
    ` ${(part.tookMs / 1000).toFixed(1)} s`,
  ].join('');
}

/** The address without what is secret in it. */
export function withoutSecrets(address: string): string {
  try {
    const url = new URL(address);
    if (!url.username && !url.password) return address;
    url.username = '';
    url.password = '';
    return url.toString();
  } catch {
    return address;
  }
}
