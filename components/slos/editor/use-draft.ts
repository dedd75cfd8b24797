'use client';
import { useEffect, useReducer, useRef } from 'react';
import { ApiError } from '#lib/core/fetch-json.ts';
import type { SloDefinition } from '#lib/slo/schemas.ts';
import { render, validate } from './draft-api.ts';
import { begin, type DraftState, reduce } from './draft-state.ts';

const pauseMs = 500;

export interface Draft extends DraftState {
  /** The text was changed by hand. */
  write: (source: string) => void;
  /** A field of the form was changed. */
  fill: (definition: SloDefinition) => void;
}

/**
 * An SLO while it is being written, as text and as form at once: the one that was changed last is the truth, the other
 * follows once typing pauses. `name` is the SLO that is being changed; absent for a new one.
 */
export function useDraft(source: string, definition: SloDefinition | null, name?: string): Draft {
  const [state, dispatch] = useReducer(reduce, { source, definition }, begin);
  const { source: text, definition: filled, follows } = state;
  const asked = useRef(0);

  useEffect(() => {
    if (follows === null) return;
    asked.current += 1;
    const round = asked.current;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const source = follows === 'source' && filled ? await render(filled, stop.signal) : text;
        const checked = await validate(source, name, stop.signal);
        if (round === asked.current) dispatch({ kind: 'checked', source, checked });
      } catch (error) {
        if (stop.signal.aborted || round !== asked.current) return;
        dispatch({ kind: 'failed', error: error instanceof ApiError ? error.message : 'The console does not answer.' });
      }
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text, filled, follows, name]);

  return {
    ...state,
    write: (source) => dispatch({ kind: 'wrote', source }),
    fill: (definition) => dispatch({ kind: 'filled', definition }),
  };
}
