import { httpTrouble } from '../process/until-http.ts';
import { withoutSecrets } from './console-line.ts';
import type { Started } from './part.ts';

/** A part that is supplied by the environment: asked once for a sign of life, used either way. */
export async function external(variable: string, address: string, path?: string, token?: string): Promise<Started> {
  const url = path === undefined ? undefined : `${address.replace(/\/+$/, '')}${path}`;
  const trouble = url && (await httpTrouble(url, token ? { authorization: `Bearer ${token}` } : {}));
  return {
    kind: 'external',
    origin: trouble ? `${variable}, which does not answer well: ${withoutSecrets(trouble)}` : variable,
    address,
  };
}
