'use client';
import { Age } from '../ui/age.tsx';
import { formatAge } from '../ui/format-time.ts';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';
import { Link } from '../ui/link.tsx';
import { Popover } from '../ui/popover.tsx';
import { Status } from '../ui/status.tsx';
import type { Tone } from '../ui/tone.ts';
import { useNow } from '../ui/use-now.ts';
import { useStream } from './stream.tsx';
import type { StreamState } from './stream-state.ts';
import type { SourceAge } from './types.ts';

const words: Record<StreamState, { tone: Tone; glyph: GlyphName; word: string; sentence: string }> = {
  connecting: {
    tone: 'dim',
    glyph: 'wait',
    word: 'Connecting',
    sentence: 'The page is connecting to hear of changes.',
  },
  live: { tone: 'good', glyph: 'ok', word: 'Live', sentence: 'Changes appear by themselves.' },
  reconnecting: {
    tone: 'warn',
    glyph: 'late',
    word: 'Reconnecting',
    sentence: 'The connection was lost; it is tried again.',
  },
  stale: {
    tone: 'bad',
    glyph: 'late',
    word: 'Stale',
    sentence: 'Nothing has been heard for a while: what is shown may be old.',
  },
};

export interface LiveSignProps {
  sources?: readonly SourceAge[];
  /** Where all sources are shown. */
  sourcesHref?: string;
}

/** Whether what is shown is up to date: the connection of this page, and the age of every source. */
export function LiveSign({ sources = [], sourcesHref }: LiveSignProps) {
  const { state, lostAt } = useStream();
  const now = useNow(state === 'live' ? 60_000 : 1000);
  const { tone, glyph, word, sentence } = words[state];
  const late = sources.filter((one) => one.state !== 'ok').length;
  const lost = state === 'stale' && lostAt !== undefined && now !== null ? `, ${formatAge(now - lostAt)}` : '';
  const lateWord = late ? `${late} source${late === 1 ? '' : 's'} late` : '';
  const shown = state === 'live' && late ? { tone: 'warn', glyph: 'late' as const } : { tone, glyph };
  return (
    <>
      <span className="sr" aria-live="polite">
        {state === 'connecting' ? '' : sentence}
      </span>
      <Popover
        label="Freshness"
        trigger={
          <button type="button" className={`pill ${shown.tone}`}>
            <Glyph name={shown.glyph} />
            <span className="hide-s">
              {word}
              {lost}
              {lateWord ? ` · ${lateWord}` : ''}
            </span>
            <span className="show-s">{state === 'live' && late ? `${late} late` : word}</span>
          </button>
        }
      >
        <div className="stack min-w-[260px]">
          <div>{sentence}</div>
          {sources.length ? (
            <table className="table">
              <caption className="sr">Sources</caption>
              <tbody>
                {sources.map((source) => (
                  <tr key={source.id}>
                    <th scope="row">
                      {source.name}
                      {source.detail ? <div className="faint">{source.detail}</div> : null}
                    </th>
                    <td className="num">
                      <SourceState source={source} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : null}
          {sourcesHref ? (
            <Link href={sourcesHref} className="link">
              All sources
            </Link>
          ) : null}
        </div>
      </Popover>
    </>
  );
}

function SourceState({ source }: { source: SourceAge }) {
  const state = { ok: 'ok', late: 'late', down: 'failing', unknown: 'nodata' } as const;
  return (
    <>
      <Status state={state[source.state]} word={source.state === 'down' ? 'down' : source.state} />{' '}
      <span className="dim">{source.lastSuccessAt === null ? 'never' : <Age at={source.lastSuccessAt} />}</span>
    </>
  );
}
