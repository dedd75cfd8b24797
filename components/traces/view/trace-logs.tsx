'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import { queryString } from '#lib/core/fetch-json.ts';
import type { LogList } from '#lib/logs/schemas.ts';
import { cx } from '../../ui/cx.ts';
import { Link } from '../../ui/link.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { serviceColor } from '../service-colors.ts';
import { LevelMark, logRange, logTone } from './span-logs.tsx';
import { placeIn, sinceText } from './span-time.ts';
import type { TraceModel } from './trace-model.ts';

export interface TraceLogsProps {
  model: TraceModel;
  env: string;
  query: UseQueryResult<LogList>;
  onSpan: (span: number) => void;
}

/** What the services wrote while the trace ran, on its time. */
export function TraceLogs({ model, env, query, onSpan }: TraceLogsProps) {
  const { trace } = model;
  const list = query.data;
  const lines = list?.items ?? [];
  const whole = { fromNs: 0, toNs: Math.max(1, trace.durationNs) };
  const since = (timeNs: string) => Number(BigInt(timeNs) - BigInt(trace.startNs));
  const range = logRange(trace.at, trace.durationNs);
  const failed = list?.sources.filter(({ outcome }) => outcome === 'failed') ?? [];
  const notes = [
    ...(list?.truncated ? [`Only the first ${lines.length} lines are here.`] : []),
    ...failed.map(({ name, detail }) => `${name} did not answer${detail ? `: ${detail}` : '.'}`),
  ];
  const state = panelStateOf(query, 'The source of logs');
  return (
    <Panel
      title="Logs of the trace"
      meta={list ? `${lines.length}${list.truncated ? '+' : ''}` : undefined}
      flush
      bodyHeight={240}
      actions={
        <Link
          href={`/logs?${queryString({ env, trace: trace.traceId, from: range.from, to: range.to })}`}
          className="link"
        >
          Open in logs
        </Link>
      }
      state={
        state.kind === 'ok' && lines.length === 0
          ? {
              kind: 'empty',
              title: 'No line has the id of this trace',
              hint: 'Lines are found by the trace id that the services write into them.',
            }
          : state
      }
    >
      {notes.length > 0 ? (
        <div className="px-3 pb-2">
          <Note>{notes.join(' ')}</Note>
        </div>
      ) : null}
      <ol className="m-0 list-none p-0">
        {lines.map((line) => {
          const at = since(line.timeNs);
          const place = placeIn(whole, at);
          const span = model.find(line.spanId);
          return (
            <li key={line.id} className="trace-log">
              <span className="num faint">{sinceText(at)}</span>
              <span className={cx(logTone(line.level), !logTone(line.level) && 'faint')}>
                <LevelMark level={line.level} />
                {line.level ?? ''}
              </span>
              <span className="row gap-1.5">
                <i className="sq" style={{ background: serviceColor(line.service) }} />
                <span className="clip">{line.service}</span>
              </span>
              <span className={cx('text', logTone(line.level))}>{line.body}</span>
              {span >= 0 ? (
                <button type="button" className="link nowrap" onClick={() => onSpan(span)}>
                  to its span
                </button>
              ) : (
                <span className="faint">{line.spanId ? 'span not kept' : ''}</span>
              )}
              <span className="at" aria-hidden="true">
                <i
                  className={logTone(line.level)}
                  style={{ left: `${Math.min(1, Math.max(0, place)) * 100}%`, background: 'currentColor' }}
                />
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
