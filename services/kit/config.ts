import * as z from 'zod';

/** Thrown when the environment is not usable; `problems` has one sentence for each variable that is wrong. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const field = <T extends z.ZodType>(schema: T, expected: string): T => schema.meta({ expected }) as T;

/** An integer within bounds, read from text; the unit belongs into the variable's name. */
export const integer = (min: number, max: number, expected: string) =>
  field(
    z
      .string()
      .regex(/^-?\d+$/, 'is not an integer')
      .transform(Number)
      .pipe(z.number().min(min, `is less than ${min}`).max(max, `is more than ${max}`)),
    expected,
  );

/** A ratio from 0 to 1, read from text. */
export const ratio = (example: string) =>
  field(
    z
      .string()
      .regex(/^\d*\.?\d+$/, 'is not a number')
      .transform(Number)
      .pipe(z.number().min(0).max(1, 'is more than 1')),
    `a ratio from 0 to 1, for example ${example}`,
  );

/** An absolute URL with one of the schemes, without a trailing slash. */
export const url = (schemes: readonly string[], example: string) =>
  field(
    z
      .string()
      .refine(
        (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)),
        'is not such a URL',
      )
      .transform((text) => text.replace(/\/+$/, '')),
    `a URL with the scheme ${schemes.join(' or ')}, for example ${example}`,
  );

export const httpUrl = (example = 'http://127.0.0.1:8080') => url(['http', 'https'], example);
export const postgresUrl = () => url(['postgres', 'postgresql'], 'postgres://product:password@127.0.0.1:5432/fleet');
export const redisUrl = () => url(['redis', 'rediss'], 'redis://127.0.0.1:6379');

/** A secret of at least `min` characters; its value is never repeated in an error. */
export const secret = (min = 16) =>
  z
    .string()
    .min(min, `is shorter than ${min} characters`)
    .meta({ expected: `at least ${min} random characters`, secret: true });

/** Words parted by commas; empty ones are left out. */
export const list = (expected: string) =>
  field(
    z.string().transform((text) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean),
    ),
    expected,
  );

const name = (example: string) =>
  field(
    z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'is not a name'),
    `letters, digits, ".", "_" or "-", for example ${example}`,
  );

/** What every process of the fleet reads from its environment. */
export const baseShape = {
  SERVICE_NAME: name('product'),
  SERVICE_VERSION: name('1.4.0').default('0.0.0'),
  SERVICE_INSTANCE_ID: name('product-1').optional(),
  DEPLOYMENT_ENVIRONMENT: name('production').default('development'),
  HOST: field(z.string().min(1, 'is empty'), 'an address to listen on, for example 127.0.0.1').default('127.0.0.1'),
  PORT: integer(0, 65_535, 'a port from 0 to 65535 (0 takes a free one), for example 8080').default(0),
  ADVERTISED_HOST: field(z.string().min(1, 'is empty'), 'the address at which others reach this instance').optional(),
  LOG_LEVEL: field(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'is not a level'),
    'one of trace, debug, info, warn, error, fatal',
  ).default('info'),
  REGISTRY_URL: httpUrl('http://127.0.0.1:9400').optional(),
  REGISTRY_TOKEN: secret(8).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl('http://127.0.0.1:4318').optional(),
  OTEL_EXPORTER_OTLP_HEADERS: field(
    z.string(),
    'pairs such as authorization=Bearer%20token, parted by commas',
  ).optional(),
  TRACES_SAMPLE_RATIO: ratio('0.1').default(1),
  DRAIN_DELAY_MS: integer(0, 5_000, 'milliseconds from 0 to 5000').default(1_500),
  BODY_LIMIT_BYTES: integer(1_024, 10_485_760, 'bytes from 1024 to 10485760').default(65_536),
} as const;

export type BaseConfig = z.infer<z.ZodObject<typeof baseShape>>;

/**
 * The environment as typed values.
 * Empty variables count as absent. Throws one {@link ConfigError} that names everything that is wrong.
 */
export function loadConfig<S extends z.ZodRawShape>(
  shape: S,
  env: Readonly<Record<string, string | undefined>> = process.env,
): z.infer<z.ZodObject<S>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = z.object(shape).safeParse(given);
  if (result.success) return result.data;
  throw new ConfigError(describe(shape, given, result.error));
}

function describe(shape: z.ZodRawShape, given: Record<string, string | undefined>, error: z.ZodError): string[] {
  const problems = new Map<string, string>();
  for (const issue of error.issues) {
    const variable = String(issue.path[0] ?? '');
    if (problems.has(variable)) continue;
    const meta = metaOf(shape[variable]);
    const expected = meta?.expected ? `; expected ${meta.expected}` : '';
    const value = given[variable];
    if (value === undefined) problems.set(variable, `${variable} is missing${expected}`);
    else
      problems.set(variable, `${variable}${meta?.secret ? '' : ` ("${redact(value)}")`} ${issue.message}${expected}`);
  }
  return [...problems.values()];
}

function redact(value: string): string {
  return value.replace(/\/\/[^@/\s]*@/g, '//…@').slice(0, 80);
}

interface Meta {
  expected?: string;
  secret?: boolean;
}

function metaOf(schema: unknown): Meta | undefined {
  let current = schema as z.ZodType | undefined;
  while (current) {
    const meta = current.meta() as Meta | undefined;
    if (meta?.expected) return meta;
    current = (current.def as { innerType?: z.ZodType }).innerType;
  }
  return undefined;
}
