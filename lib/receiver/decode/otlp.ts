import type { MessageShape } from '@bufbuild/protobuf';
import { binaryGroups } from './binary.ts';
import { jsonGroups } from './json.ts';
import type { Encoding, Group, levels, Signal } from './levels.ts';

type ItemOf<S extends Signal> = MessageShape<(typeof levels)[S]['schema']>;

/** Reads a body as the export request of a signal; throws `UndecodableError`, also while its items are taken. */
export function* readGroups<S extends Signal>(
  signal: S,
  body: Uint8Array,
  encoding: Encoding,
): Iterable<Group<ItemOf<S>>> {
  const groups = encoding === 'application/json' ? jsonGroups(signal, body) : binaryGroups(signal, body);
  yield* groups as Iterable<Group<ItemOf<S>>>;
}
