'use client';
import { useQuery } from '@tanstack/react-query';
import { queryString } from '#lib/core/fetch-json.ts';
import { traceLogsQuery } from '#lib/logs/queries.ts';
import type { LogLine } from '#lib/logs/schemas.ts';
import { Link } from '../../ui/link.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { sinceText } from './span-time.ts';

const aroundMs = 60_000;
const shown = 20;

export const logTone = (level: LogLine['level']): string =>
  level === 'error' || level === 'fatal' ? 'bad' : level === 'warn' ? 'warn' : '';

/** The time in which lines of a trace are looked for: a minute longer than the trace to both sides. */
export function logRange(at: string, durationNs: number): { from: string; to: string } {
  const start = Date.parse(at);
  return {
    from: new Date(start - aroundMs).toISOString(),
    to: new Date(start + Math.ceil(durationNs / 1e6) + aroundMs).toISOString(),
  };
}

export interface SpanLogsProps {
  env: string;
  traceId: string;
  spanId: string;
  /** Nanoseconds since 1970. */
  startNs: string;
  range: { from: string; to: string };
}

/** The lines that one span wrote, with the time since it began. */
export function SpanLogs({ env, traceId, spanId, startNs, range }: SpanLogsProps) {
  const query = useQuery(traceLogsQuery({ env, trace: traceId, span: spanId, ...range }));
  const lines = query.data?.items ?? [];
  const state = panelStateOf(query, 'The console');
  const all = `/logs?${queryString({ env, trace: traceId, span: spanId, ...range })}`;
  return (
    <section className="span-part" aria-label="Logs of this span">
      <h3>
        Logs of this span
        <span className="grow" />
        {lines.length > 0 ? (
          <Link href={all} className="link font-normal">
            open in logs
          </Link>
        ) : null}
      </h3>
      {state.kind === 'loading' ? <Skeleton width="70%" /> : null}
      {state.kind === 'sourceDown' ? <span className="dim">Logs cannot be read: {state.reason}</span> : null}
      {state.kind === 'notPermitted' ? <span className="dim">{state.hint}</span> : null}
      {query.data && lines.length === 0 ? <span className="faint">It wrote none that were kept.</span> : null}
      {lines.length > 0 ? (
        <ul className="span-logs">
          {lines.slice(0, shown).map((line) => (
            <li key={line.id}>
              <span className="faint">{sinceText(Number(BigInt(line.timeNs) - BigInt(startNs)))}</span>{' '}
              <span className={logTone(line.level)}>
                <LevelMark level={line.level} />
                {line.body}
              </span>
            </li>
          ))}
          {lines.length > shown ? <li className="faint">… and {lines.length - shown} more</li> : null}
        </ul>
      ) : null}
    </section>
  );
}

/** The shape of a level, so that it is not told by colour alone. */
export function LevelMark({ level }: { level: LogLine['level'] }) {
  const tone = logTone(level);
  if (tone === '') return null;
  return (
    <>
      <span aria-hidden="true">{tone === 'bad' ? '✕ ' : '△ '}</span>
      <span className="sr">{level} </span>
    </>
  );
}
