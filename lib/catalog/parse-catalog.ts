import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml';
import type * as z from 'zod';
import { fieldPath } from '#lib/core/errors.ts';
import {
  backstageComponent,
  type Catalog,
  type CatalogEntry,
  type CatalogProblem,
  entryDocument,
  tier,
} from './schemas.ts';

/**
 * Reads one file: documents of our own format and Backstage Components, mixed as they come. Other kinds of
 * Backstage are passed over. What cannot be read is a problem with its line; it never throws.
 */
export function parseCatalog(file: string, text: string): Catalog {
  const lines = new LineCounter();
  const entries: CatalogEntry[] = [];
  const problems: CatalogProblem[] = [];
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (!Array.isArray(documents)) return { entries, problems };
  for (const document of documents) {
    const problem = (message: string, at: number | undefined) =>
      problems.push({ file, line: at === undefined ? null : lines.linePos(at).line, message });
    const [broken] = document.errors;
    if (broken) {
      problem(`is not valid YAML: ${broken.message}`, broken.pos[0]);
      continue;
    }
    const value: unknown = read(document, (message) => problem(message, document.range[0]));
    if (value === undefined || value === null) continue;
    const start = isNode(document.contents) ? document.contents.range?.[0] : undefined;
    const line = start === undefined ? 1 : lines.linePos(start).line;
    const isBackstage = typeof value === 'object' && 'apiVersion' in value;
    if (isBackstage && 'kind' in value && value.kind !== 'Component') continue;
    const parsed = isBackstage ? backstageComponent.safeParse(value) : entryDocument.safeParse(value);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) problem(inWords(issue), positionOf(document, issue));
      continue;
    }
    const entry = 'metadata' in parsed.data ? fromBackstage(parsed.data) : fromOwn(parsed.data);
    entries.push({ ...entry, file, line });
  }
  return { entries, problems };
}

function read(document: Document, problem: (message: string) => void): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    problem(`cannot be read: ${(error as Error).message}`);
    return undefined;
  }
}

function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(entryDocument.shape).join(', ');
    return `${issue.keys.join(', ')}: is not a field of a service; there are ${known}`;
  }
  const path = fieldPath(issue.path);
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  if (path === '') return 'must be a mapping such as "name: order"';
  return `${path}: ${missing && issue.message.startsWith('Invalid') ? 'is missing' : issue.message}`;
}

/** Where the node stands that an issue is about, or the nearest one around it. */
function positionOf(document: Document, issue: z.core.$ZodIssue): number | undefined {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] as string] : [...issue.path];
  for (; path.length > 0; path.pop()) {
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return isNode(document.contents) ? document.contents.range?.[0] : undefined;
}

type Read = Omit<CatalogEntry, 'file' | 'line'>;

function fromOwn(document: z.infer<typeof entryDocument>): Read {
  const { description = null, owner = null, lifecycle = null, repository = null, environments = null } = document;
  return { ...document, description, owner, tier: document.tier ?? null, lifecycle, repository, environments };
}

const prefix = 'quarterdeck.dev/';

function fromBackstage({ metadata, spec }: z.infer<typeof backstageComponent>): Read {
  const { annotations = {}, labels = {} } = metadata;
  const wantedTier = labels.tier ?? annotations[`${prefix}tier`];
  const parsedTier = tier.safeParse(wantedTier);
  const environments = annotations[`${prefix}environments`]?.split(',').flatMap((name) => name.trim() || []);
  return {
    name: annotations[`${prefix}service`] ?? metadata.name,
    kind: annotations[`${prefix}kind`] === 'client' ? 'client' : 'service',
    description: metadata.description ?? null,
    owner: spec?.owner?.replace(/^(?:\w+:)?(?:[\w-]+\/)?/, '') ?? null,
    tier: parsedTier.success ? parsedTier.data : null,
    lifecycle: spec?.lifecycle ?? null,
    repository: repositoryOf(annotations),
    links: (metadata.links ?? []).map(({ url, title }) => ({ url, title: title ?? new URL(url).hostname })),
    environments: environments?.length ? environments : null,
  };
}

function repositoryOf(annotations: Record<string, string>): string | null {
  const location = annotations['backstage.io/source-location']?.replace(/^url:/, '');
  if (location && /^https?:\/\//.test(location)) return location;
  const github = annotations['github.com/project-slug'];
  if (github) return `https://github.com/${github}`;
  const gitlab = annotations['gitlab.com/project-slug'];
  return gitlab ? `https://gitlab.com/${gitlab}` : null;
}
