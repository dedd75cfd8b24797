import * as z from 'zod';

/*
 * The parts of the overview are those of their own rooms: `services` as `GET services`, `changes` as `GET changes`,
 * `sources` as `GET sources`.
 */
const part = z.record(z.string(), z.unknown());

export const overview = z.object({
  environment: z.string(),
  asOf: z.string(),
  /** As `GET services`; null when the metrics source does not answer and never has: `servicesError` says why. */
  services: part.nullable(),
  servicesError: z.object({ code: z.string(), detail: z.string() }).nullable(),
  /** How many services are in which state. */
  counts: z.record(z.string(), z.number().int()),
  /** What changed in the last six hours and what fired, newest first, as `GET facts`. */
  changes: z.array(part),
  /** Every engine and how fresh it is, as `GET sources`. */
  sources: z.array(part),
  /** Alerts that fire or are acknowledged, the worst first, and how many more there are: `items` as `GET alerts`. */
  alerts: z.object({ items: z.array(part), more: z.number().int(), watchdog: part }),
  /** Error budgets, the first eight by time to exhaustion as in `GET slos`, and how many SLOs are in which state. */
  budgets: z.object({
    items: z.array(part),
    total: z.number().int(),
    counts: z.record(z.string(), z.number().int()),
    liveError: z.string().nullable(),
    error: z.string().nullable(),
  }),
  /** What is wrong with the catalogue's files. */
  catalogProblems: z.array(z.object({ file: z.string(), line: z.number().int().nullable(), message: z.string() })),
});
