/** As many colours as the palette has for series; each is told apart by the colour-blind as well. */
export const serviceColorCount = 6;

/** Any start would do; with this one the services of the demo differ, as the first five of a shop usually do. */
const start = 374;

/**
 * Number of a service's colour, 0 to 5: the same on every screen and in every trace, because it hangs on the name
 * alone (FNV-1a, mixed once more). Two services may share one, so the name always stands beside it.
 */
export function serviceColorIndex(service: string): number {
  let hash = start;
  for (let i = 0; i < service.length; i++) hash = Math.imul(hash ^ service.charCodeAt(i), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 12)) >>> 0) % serviceColorCount;
}

/** The name of the style sheet's colour of a service: `--s3`. */
export const serviceColorToken = (service: string): string => `--s${serviceColorIndex(service) + 1}`;

/** The colour of a service for a `style`: `var(--s3)`. */
export const serviceColor = (service: string): string => `var(${serviceColorToken(service)})`;
