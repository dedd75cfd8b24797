import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseAllDocuments,
  Scalar,
  visit,
} from 'yaml';
import type * as z from 'zod';
import { fieldPath } from '#lib/core/errors.ts';
import type { SloProblem } from '../schemas.ts';
import { type Kind, kinds, shapes } from './shapes.ts';

export type Path = readonly (string | number)[];

/** One object of a file, of the shape that its kind has. */
export interface OpenSloObject<K extends Kind = Kind> {
  kind: K;
  name: string;
  value: z.infer<(typeof shapes)[K]>;
  /** The text of its document, with its comments. */
  text: string;
  line: number;
  /** What to say of the field at a path; `offset` is into the text that stands there. */
  problem(level: SloProblem['level'], code: string, path: Path, message: string, offset?: number): SloProblem;
}

/** An object that is there but wrong: its problems are told already. */
export interface BrokenObject {
  kind: Kind;
  name: string;
}

export interface ReadDocuments {
  objects: OpenSloObject[];
  broken: BrokenObject[];
  problems: SloProblem[];
}

const mostCharacters = 500_000;
const mostDocuments = 2_000;
const mostAliases = 50;
const mostProblemsPerDocument = 50;

const everything = (code: string, message: string): SloProblem => ({
  level: 'error',
  code,
  line: null,
  column: null,
  path: '',
  message,
});

/** The objects of a text, each checked by itself. Never throws: what cannot be read is a problem. */
export function readDocuments(text: string): ReadDocuments {
  const read: ReadDocuments = { objects: [], broken: [], problems: [] };
  if (text.length > mostCharacters) {
    const message = `The text has ${text.length.toLocaleString('en')} characters; at most 500,000 are read.`;
    return { ...read, problems: [everything('slo.too_large', message)] };
  }
  if ((text.match(/^---/gm)?.length ?? 0) > mostDocuments) {
    const message = `There are more than ${mostDocuments.toLocaleString('en')} documents: split the file.`;
    return { ...read, problems: [everything('slo.too_large', message)] };
  }
  const lines = new LineCounter();
  try {
    // Its own search for repeated keys compares each with each.
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    let from = 0;
    for (const document of Array.isArray(documents) ? documents : []) {
      const to = document.range[2];
      read.problems.push(...readDocument(document, { whole: text, own: text.slice(from, to) }, lines, read));
      from = to;
    }
  } catch (error) {
    read.problems.push(everything('slo.yaml', `The text cannot be read as YAML: ${(error as Error).message}.`));
  }
  return read;
}

/** Adds the object of a document, or says why there is none. */
function readDocument(
  document: Document.Parsed,
  text: { whole: string; own: string },
  lines: LineCounter,
  read: ReadDocuments,
): SloProblem[] {
  const say = (code: string, at: number | undefined, path: string, message: string): SloProblem[] => {
    const { line, col } = lines.linePos(at ?? document.range[0]);
    return [{ level: 'error', code, line: Math.max(line, 1), column: Math.max(col, 1), path, message }];
  };
  const [wrong] = document.errors;
  if (wrong) return say('slo.yaml', wrong.pos[0], '', `The text is not valid YAML: ${wrong.message}`);
  const trap = findTrap(document);
  if (trap) return say('slo.yaml', trap.at, '', trap.message);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    return say('slo.yaml', undefined, '', `The document cannot be read: ${(error as Error).message}`);
  }
  if (value === undefined || value === null) return [];
  const start = startOf(document) ?? document.range[0];
  if (typeof value !== 'object' || Array.isArray(value)) {
    return say('slo.not_openslo', start, '', 'must be a mapping that begins with "apiVersion: openslo/v1"');
  }
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  if (apiVersion !== 'openslo/v1') {
    return say('slo.not_openslo', positionOf(document, ['apiVersion']), 'apiVersion', aboutVersion(apiVersion));
  }
  if (!isKind(kind)) {
    const message = `must be one of ${kinds.join(', ')}${kind === undefined ? '' : `, not ${inWords(kind)}`}`;
    return say('slo.not_openslo', positionOf(document, ['kind']), 'kind', message);
  }
  const parsed = shapes[kind].safeParse(value);
  if (!parsed.success) {
    const { name } = (value as { metadata?: { name?: unknown } }).metadata ?? {};
    if (typeof name === 'string') read.broken.push({ kind, name });
    return parsed.error.issues.slice(0, mostProblemsPerDocument).flatMap((issue) => {
      const isUnknown = issue.code === 'unrecognized_keys';
      const path = isUnknown ? [...issue.path, issue.keys[0] as string] : issue.path;
      const at = positionOf(document, path as Path, isUnknown);
      return say('slo.invalid', at, fieldPath(path), messageOf(issue, value));
    });
  }
  read.objects.push({
    kind,
    name: parsed.data.metadata.name,
    value: parsed.data,
    text: text.own.replace(/^\s*(?:\.\.\.\s*)?---[^\S\n]*\n/, ''),
    line: lines.linePos(start).line,
    problem(level, code, path, message, offset) {
      const at = placeOf(document, path, lines, text.whole, offset);
      return { level, code, line: at.line, column: at.col, path: fieldPath(path), message };
    },
  } as OpenSloObject);
  return [];
}

const isKind = (kind: unknown): kind is Kind => kinds.includes(kind as Kind);
const inWords = (value: unknown) => JSON.stringify(value)?.slice(0, 80) ?? String(value);

function aboutVersion(version: unknown): string {
  if (version === undefined) return 'is missing; it must be openslo/v1';
  if (String(version).startsWith('sloth.slok.dev') || String(version).startsWith('prometheus/')) {
    return "must be openslo/v1; Sloth's own format is not read";
  }
  return `must be openslo/v1, not ${inWords(version)}`;
}

/** Keys that stand twice, or that JavaScript would take for something else than a key. */
function findTrap(document: Document): { at: number | undefined; message: string } | null {
  let found: ReturnType<typeof findTrap> = null;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        const at = isNode(key) ? key.range?.[0] : undefined;
        const text = isScalar(key) ? String(key.value) : null;
        if (text === null) found ??= { at, message: 'A key must be text.' };
        else if (text === '__proto__') found ??= { at, message: '__proto__ cannot be a key.' };
        else if (seen.has(text)) found ??= { at, message: `The key ${inWords(text)} stands twice.` };
        else seen.add(text);
      }
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

function messageOf({ code, message, path }: z.core.$ZodIssue, value: unknown): string {
  const found = path.reduce<unknown>((inside, key) => (inside as Record<PropertyKey, unknown> | null)?.[key], value);
  if (found !== undefined || code === 'unrecognized_keys') return message;
  return message.startsWith('must') ? `is missing; it ${message}` : 'is missing';
}

function startOf(document: Document): number | undefined {
  return isNode(document.contents) ? document.contents.range?.[0] : undefined;
}

/** The scalar at a path, else the key that stands there, else what is nearest around it. */
function nodeAt(document: Document, path: Path, key = false) {
  for (let length = path.length; length > 0; length -= 1) {
    const whole = length === path.length;
    const node = document.getIn(path.slice(0, length), true);
    if (whole && !key && isScalar(node) && node.range) return { node, whole };
    const around = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(around)
      ? around.items.find((item) => isPair(item) && isKeyed(item.key, path[length - 1]))
      : null;
    if (pair && isNode(pair.key) && pair.key.range) return { node: pair.key, whole: false };
    if (isNode(node) && node.range && !isAlias(node)) return { node, whole: false };
  }
  return isNode(document.contents) ? { node: document.contents, whole: false } : null;
}

const isKeyed = (key: unknown, name: unknown) => isScalar(key) && String(key.value) === String(name);

const positionOf = (document: Document, path: Path, key = false) => nodeAt(document, path, key)?.node.range?.[0];

/** Line and column of a place inside the text of a field. */
function placeOf(document: Document, path: Path, lines: LineCounter, text: string, offset?: number) {
  const found = nodeAt(document, path);
  const start = found?.node.range?.[0] ?? 0;
  const { line, col } = lines.linePos(start);
  if (offset === undefined || !found?.whole || !isScalar(found.node)) return { line, col };
  const scalar = found.node;
  const before = String(scalar.value).slice(0, offset).split('\n');
  const column = (before.at(-1) ?? '').length;
  if (scalar.type === Scalar.BLOCK_LITERAL) {
    // Its first line says how far the whole block is indented.
    const first = text.split('\n', line + 1)[line] ?? '';
    return { line: line + before.length, col: first.length - first.trimStart().length + column + 1 };
  }
  if (scalar.type === Scalar.BLOCK_FOLDED || before.length > 1) return { line, col };
  return { line, col: col + column + (scalar.type === Scalar.PLAIN ? 0 : 1) };
}
