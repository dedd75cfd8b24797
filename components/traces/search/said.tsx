import { Note } from '#components/ui/note.tsx';
import type { Sampling, SourceAnswer } from '#lib/traces/schemas.ts';
import { failedSources, samplingSentence, sourcesSentence } from './answer-words.ts';

export interface SaidProps {
  notes: readonly string[];
  sampling: Sampling | null;
  sources: readonly SourceAnswer[];
}

/** The same as sentences: what somebody must know, and what can be known. */
export function saidOf({ notes, sampling, sources }: SaidProps): { failed: string[]; quiet: string[] } {
  const names = sources.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped').map(({ name }) => name);
  // The server says the same of sources that failed in its notes.
  const rest = notes.filter((note) => !names.some((name) => note.startsWith(`${name} `)));
  const quiet = [sourcesSentence(sources), sampling ? samplingSentence(sampling) : null, ...rest];
  return { failed: failedSources(sources), quiet: quiet.filter((text) => text !== null) };
}

/** What an answer rests on, in words: what was searched, what was left out, who did not answer. */
export function Said(props: SaidProps) {
  const { failed, quiet } = saidOf(props);
  return (
    <>
      {failed.map((text) => (
        <Note key={text} className="!rounded-none">
          {text}
        </Note>
      ))}
      {quiet.length > 0 ? <p className="faint px-3 py-2 text-sm">{quiet.join(' ')}</p> : null}
    </>
  );
}
