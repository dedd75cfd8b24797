import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { settings } from '#lib/core/config.ts';
import { receiverSettings } from '#lib/receiver/config.ts';

export const configurationDocs = join(import.meta.dirname, '../../docs/configuration.md');

interface Described {
  description?: string;
  default?: unknown;
  type?: string;
  format?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
}

const intro = `# Configuration

Every setting is an environment variable. The console and the worker read one YAML file as well, whose path is in
\`QD_CONFIG\`: a mapping of the same names to values. The environment stands over the file, the file over the defaults;
an empty variable counts as an absent one. All that is wrong is told at once when a process starts, each with its name
and what would be right, and the process ends.

This page is written from the schemas by \`npm run docs:configuration\`.
`;

const beside = [
  ['`QD_CONFIG`', 'Path of the YAML file; it is given in the environment only.'],
  [
    '`DATABASE_OWNER_URL`',
    'The database as its owner, for `npm run db:migrate` and `npm run audit:verify`; `DATABASE_URL` where it is absent.',
  ],
  ['`DATABASE_WORKER_URL`', 'The database as the role of the worker, which takes it for `DATABASE_URL`.'],
  ['`HOST`, `PORT`', 'Where the worker serves `/healthz` and `/metrics`; `127.0.0.1` and a free port where absent.'],
];

const plain = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

function values({ type, format, enum: choices, minimum, maximum, minLength }: Described): string {
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (type === 'boolean') return '`true` or `false`';
  if (type === 'integer' || type === 'number') {
    const kind = type === 'integer' ? 'whole number' : 'number';
    return minimum === undefined || maximum === undefined ? kind : `${kind}, ${minimum} to ${maximum}`;
  }
  if (format === 'uri') return 'address';
  return minLength !== undefined && minLength > 1 ? `text of ${minLength} characters or more` : 'text';
}

function row(name: string, described: Described, required: boolean): string[] {
  const given = described.default;
  const fallback = required ? '**needed**' : given === undefined || given === '' ? '' : `\`${given}\``;
  return [`\`${name}\``, plain(described.description ?? ''), values(described), fallback];
}

/** A table whose columns are as wide as their widest cell: as the formatter writes it. */
function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line), ''].join('\n');
}

function settingsTable(schema: z.ZodObject): string {
  const { properties = {} } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  const rows = Object.entries(properties).map(([name, property]) => {
    const required = !(schema.shape[name] as z.ZodType).safeParse(undefined).success;
    return row(name, property as Described, required);
  });
  return table([['Setting', 'What it is for', 'Values', 'Default'], ...rows]);
}

/** `docs/configuration.md`, as the schemas say that it should be. */
export function renderConfigurationDocs(): string {
  return [
    intro,
    '## Console and worker\n',
    settingsTable(settings),
    '## Receiver\n',
    settingsTable(receiverSettings),
    '## Beside these\n',
    table([['Setting', 'What it is for'], ...beside]),
  ].join('\n');
}

if (import.meta.main) {
  const text = renderConfigurationDocs();
  let before = '';
  try {
    before = readFileSync(configurationDocs, 'utf8');
  } catch {
    // It is written for the first time.
  }
  if (before !== text) writeFileSync(configurationDocs, text);
  process.stdout.write(before === text ? 'docs/configuration.md is up to date.\n' : 'Wrote docs/configuration.md.\n');
}
