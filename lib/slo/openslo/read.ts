import type { SloDefinition, SloProblem } from '../schemas.ts';
import { type OpenSloObject, type ReadDocuments, readDocuments } from './documents.ts';
import { type Places, Reading, type Referred } from './reading.ts';
import { toDefinition } from './to-definition.ts';
import { writeOpenSlo } from './write.ts';

export interface ReadSlo {
  definition: SloDefinition;
  /** Its document with those that it refers to: OpenSLO that stands by itself. */
  source: string;
  /** Where it begins in the text. */
  line: number;
  /** Where its parts stand, for what is found out about them later. */
  places: Places;
}

export interface ReadOpenSlo {
  slos: ReadSlo[];
  problems: SloProblem[];
}

/**
 * Reads OpenSLO v1: any number of documents, that may refer to each other. What is not supported is a problem with
 * line, column and path; an SLO with an error is left out and the others are not affected. Never throws.
 */
export function readOpenSlo(text: string, { defaultEnvironment }: { defaultEnvironment: string }): ReadOpenSlo {
  const documents = readDocuments(text);
  const problems: SloProblem[] = [...documents.problems, ...repeated(documents)];
  const slos: ReadSlo[] = [];
  const seen = new Map<string, number>();
  const used = new Set<Referred>();
  for (const object of documents.objects) {
    if (object.kind !== 'SLO') continue;
    const slo = object as OpenSloObject<'SLO'>;
    const reading = new Reading(slo, documents);
    const definition = attempt(reading, () => toDefinition(reading, defaultEnvironment));
    for (const one of reading.used) used.add(one);
    if (definition) {
      const key = `${definition.environment}\n${definition.name}`;
      const first = seen.get(key);
      if (first !== undefined) {
        reading.error(['metadata', 'name'], `is the name of the SLO in line ${first}, too; each needs its own`);
      } else seen.set(key, slo.line);
    }
    problems.push(...reading.problems);
    if (!definition || reading.problems.some(({ level }) => level === 'error')) continue;
    slos.push({ definition, source: sourceOf(slo, reading, definition), line: slo.line, places: reading.places });
  }
  for (const object of documents.objects) {
    if (object.kind === 'SLO' || used.has(object)) continue;
    problems.push(object.problem('warning', 'slo.unused', ['metadata', 'name'], unusedMessage(object)));
  }
  if (documents.objects.length === 0 && problems.length === 0) {
    const message = 'There is no SLO in the text. It must hold a document with "kind: SLO".';
    problems.push({ level: 'error', code: 'slo.empty', line: null, column: null, path: '', message });
  }
  return {
    slos,
    problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  };
}

function attempt<T>(reading: Reading, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    reading.error([], `cannot be read: ${(error as Error).message}`);
    return null;
  }
}

/** Objects that are referred to by name must have one of their own. */
function repeated({ objects }: ReadDocuments): SloProblem[] {
  const seen = new Set<string>();
  return objects.flatMap((object) => {
    if (object.kind === 'SLO') return [];
    const key = `${object.kind}\n${object.name}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [object.problem('error', 'slo.invalid', ['metadata', 'name'], `is the name of another ${object.kind}, too`)];
  });
}

function unusedMessage({ kind }: OpenSloObject): string {
  switch (kind) {
    case 'Service':
      return 'is not kept: services are described in the catalogue';
    case 'AlertNotificationTarget':
      return 'is not kept: who is told is decided by the routes of Alertmanager';
    case 'DataSource':
      return 'is not kept: metrics are read from the source that this console is configured with';
    default:
      return `is not kept: no SLO in the text refers to this ${kind}`;
  }
}

function sourceOf(slo: OpenSloObject, reading: Reading, definition: SloDefinition): string {
  const documents = [slo, ...[...reading.used].filter((object) => object !== slo)];
  // Directives of YAML stand before a document and would be lost.
  if (documents.some(({ text }) => text.startsWith('%'))) return writeOpenSlo(definition);
  return documents.map(({ text }) => `${text.trim()}\n`).join('---\n');
}
