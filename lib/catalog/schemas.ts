import * as z from 'zod';

const text = (most: number) =>
  z.string('must be text').trim().min(1, 'must not be empty').max(most, `must have at most ${most} characters`);
const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(2_000);

/** `1`, `"1"`, `tier1` and `tier-1` are all tier 1, the most important. */
export const tier = z
  .union([z.number(), z.string()], 'must be a tier from 1 to 4')
  .transform((value) => Number(String(value).replace(/^tier[-_ ]?/i, '')))
  .pipe(
    z
      .number('must be a tier from 1 to 4')
      .int('must be a whole number')
      .min(1, 'must be 1 to 4')
      .max(4, 'must be 1 to 4'),
  );

export const link = z.object({ title: text(100), url: address });

/** One document of a file in our own format. */
export const entryDocument = z.strictObject({
  name: text(200).describe('The service as the metrics name it.'),
  kind: z.enum(['service', 'client'], 'must be service or client').default('service'),
  description: text(1_000).optional(),
  owner: text(100).optional(),
  tier: tier.optional(),
  lifecycle: text(50).optional(),
  repository: address.optional(),
  links: z.array(link).max(30, 'must have at most 30 links').default([]),
  environments: z
    .array(text(100))
    .min(1, 'must name at least one environment')
    .optional()
    .describe('Where it should be seen even when nothing reports for it.'),
});

/** The parts of a Backstage Component that we read; the rest of the file is left to Backstage. */
export const backstageComponent = z.object({
  apiVersion: z.string().startsWith('backstage.io/', 'must be backstage.io/v1alpha1'),
  kind: z.literal('Component'),
  metadata: z.object({
    name: text(200),
    title: z.string().optional(),
    description: z.string().max(1_000).optional(),
    annotations: z.record(z.string(), z.coerce.string()).optional(),
    labels: z.record(z.string(), z.coerce.string()).optional(),
    links: z.array(z.object({ url: address, title: z.string().optional() })).optional(),
  }),
  spec: z
    .object({ type: z.string().optional(), lifecycle: z.string().optional(), owner: z.string().optional() })
    .optional(),
});

export const catalogEntry = z.object({
  name: z.string(),
  kind: z.enum(['service', 'client']),
  description: z.string().nullable(),
  owner: z.string().nullable(),
  tier: z.number().int().nullable(),
  lifecycle: z.string().nullable(),
  repository: z.string().nullable(),
  links: z.array(z.object({ title: z.string(), url: z.string() })),
  /** null: it is known wherever something reports for it, and expected nowhere. */
  environments: z.array(z.string()).nullable(),
  file: z.string(),
  line: z.number().int(),
});
export type CatalogEntry = z.infer<typeof catalogEntry>;

/** What is wrong with a file; the rest of the catalogue is used all the same. */
export const catalogProblem = z.object({ file: z.string(), line: z.number().int().nullable(), message: z.string() });
export type CatalogProblem = z.infer<typeof catalogProblem>;

export const catalogAnswer = z.object({
  items: z.array(catalogEntry),
  nextCursor: z.null(),
  problems: z.array(catalogProblem),
});
export type Catalog = { entries: CatalogEntry[]; problems: CatalogProblem[] };
