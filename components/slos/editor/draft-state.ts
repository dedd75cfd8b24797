import type { SloDefinition, SloValidation } from '#lib/slo/schemas.ts';

export interface DraftState {
  source: string;
  /** What the form shows: the last text that was valid, or what was filled in since. */
  definition: SloDefinition | null;
  /** What is said of the text; null until it was asked for. */
  checked: SloValidation | null;
  /** What has to follow the other now; null when both are the same and were checked. */
  follows: 'source' | 'definition' | null;
  /** Why it could not be checked. */
  error: string | null;
  /** What was changed last since it was opened; null: nothing. */
  changed: 'text' | 'form' | null;
}

export type DraftEvent =
  | { kind: 'wrote'; source: string }
  | { kind: 'filled'; definition: SloDefinition }
  | { kind: 'checked'; source: string; checked: SloValidation }
  | { kind: 'failed'; error: string };

export function begin({ source, definition }: { source: string; definition: SloDefinition | null }): DraftState {
  return { source, definition, checked: null, follows: 'definition', error: null, changed: null };
}

/** What was changed last stays as it is; the answer changes only what follows. */
export function reduce(state: DraftState, event: DraftEvent): DraftState {
  switch (event.kind) {
    case 'wrote':
      return event.source === state.source
        ? state
        : { ...state, source: event.source, follows: 'definition', error: null, changed: 'text' };
    case 'filled':
      return { ...state, definition: event.definition, follows: 'source', error: null, changed: 'form' };
    case 'checked':
      return {
        ...state,
        source: event.source,
        checked: event.checked,
        // A form that is being filled in is not overwritten by how its text is read.
        definition: state.follows === 'source' ? state.definition : (event.checked.definition ?? state.definition),
        follows: null,
        error: null,
      };
    case 'failed':
      return { ...state, follows: null, error: event.error };
  }
}

/** Whether the text stands and may be saved. */
export function mayBeSaved({ follows, checked, error }: DraftState): boolean {
  return follows === null && error === null && checked !== null && checked.definition !== null;
}

/** Whether the text was written by hand and cannot be read: then the form must not write it anew. */
export function isTextBroken({ changed, checked, follows }: DraftState): boolean {
  return changed === 'text' && follows === null && checked !== null && checked.definition === null;
}
