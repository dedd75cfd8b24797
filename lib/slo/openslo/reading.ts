import type * as z from 'zod';
import type { SloProblem } from '../schemas.ts';
import type { OpenSloObject, Path, ReadDocuments } from './documents.ts';
import type { Kind, shapes } from './shapes.ts';

export type Referred = OpenSloObject;

/** A part of an object, where it stands: of the SLO itself, or of an object that it refers to. */
export interface Part<T> {
  value: T;
  object: OpenSloObject;
  path: Path;
}

export type PlaceName = 'slo' | 'good' | 'bad' | 'total' | 'query' | 'target' | 'alerting' | 'measuredAt' | 'slice';
export type Places = Partial<Record<PlaceName, Pick<SloProblem, 'line' | 'column' | 'path'>>>;

/** The reading of one SLO: what it refers to, and what is to be said of it. */
export class Reading {
  readonly problems: SloProblem[] = [];
  readonly used = new Set<Referred>();
  readonly places: Places = {};
  readonly slo: OpenSloObject<'SLO'>;
  private readonly documents: ReadDocuments;

  constructor(slo: OpenSloObject<'SLO'>, documents: ReadDocuments) {
    this.slo = slo;
    this.documents = documents;
  }

  /** Remembers where something stands, for what is found out about it later. */
  mark(name: PlaceName, path: Path, object: OpenSloObject = this.slo): void {
    const { line, column, path: text } = object.problem('warning', '', path, '');
    this.places[name] = { line, column, path: text };
  }

  error(path: Path, message: string, object: OpenSloObject = this.slo, offset?: number): void {
    this.problems.push(object.problem('error', 'slo.invalid', path, message, offset));
  }

  warn(path: Path, message: string, object: OpenSloObject = this.slo): void {
    this.problems.push(object.problem('warning', 'slo.not_kept', path, message));
  }

  /** The object of a name in the same text; says what is wrong where there is none. */
  find<K extends Kind>(kind: K, name: string, path: Path, from: OpenSloObject): OpenSloObject<K> | null {
    const found = this.documents.objects.find((object) => object.kind === kind && object.name === name);
    if (found) {
      this.used.add(found);
      return found as OpenSloObject<K>;
    }
    const isBroken = this.documents.broken.some((object) => object.kind === kind && object.name === name);
    const message = isBroken
      ? `refers to the ${kind} ${name}, which has errors`
      : `refers to the ${kind} ${JSON.stringify(name)}, which is not in the text: add its document`;
    this.error(path, message, from);
    return null;
  }

  /** The source of a name, where the text describes it. */
  findSource(name: string): OpenSloObject<'DataSource'> | null {
    const found = this.documents.objects.find((object) => object.kind === 'DataSource' && object.name === name);
    if (found) this.used.add(found);
    return (found as OpenSloObject<'DataSource'> | undefined) ?? null;
  }

  /** What stands inline, or what its reference leads to; exactly one of them must be given. */
  part<K extends 'SLI' | 'AlertPolicy' | 'AlertCondition'>(
    kind: K,
    given: {
      ref: string | undefined;
      spec: z.infer<(typeof shapes)[K]>['spec'] | undefined;
      at: OpenSloObject;
      refPath: Path;
      specPath: Path;
    },
  ): Part<z.infer<(typeof shapes)[K]>['spec']> | null {
    const { ref, spec, at, refPath, specPath } = given;
    const name = refPath.at(-1);
    if (ref !== undefined && spec !== undefined) {
      this.error(refPath, `must not stand beside one that is written here: give ${name} or the ${kind} itself`, at);
      return null;
    }
    if (spec !== undefined) return { value: spec, object: at, path: specPath };
    if (ref === undefined) {
      this.error(specPath.slice(0, -1), `must hold ${name}, or the ${kind} itself with its spec`, at);
      return null;
    }
    const found = this.find(kind, ref, refPath, at);
    return found && { value: found.value.spec as z.infer<(typeof shapes)[K]>['spec'], object: found, path: ['spec'] };
  }
}
