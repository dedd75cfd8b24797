'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import { parseTraceId } from '#lib/traces/trace-id-rules.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { MessagePage } from '../../ui/message-page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { rangeAround, searchHref } from './links.ts';

const rows = [100, 24, 88, 40, 30, 12, 16, 22, 18, 74, 66, 8, 24, 40, 8, 10, 6];

/** The place of a trace that is on its way. */
export function TraceWaiting({ traceId }: { traceId: string }) {
  return (
    <>
      <div className="grid gap-2" aria-busy="true">
        <div className="row min-h-[28px]">
          <h1 className="faint">Trace {traceId.slice(0, 8)}</h1>
        </div>
        <div className="trace-facts">
          <Skeleton width="min(420px, 80%)" height={19} />
        </div>
      </div>
      <div className="tabs" aria-hidden="true">
        <span className="px-2.5 py-[7px]">
          <Skeleton width="min(320px, 80vw)" height={19} />
        </span>
      </div>
      <div className="trace-cols">
        <section className="panel wf" aria-label="The trace is loading">
          <div className="wf-sticky">
            <div className="wf-tools">
              <Skeleton width="min(240px, 80%)" height={28} />
            </div>
            <div className="wf-head">
              <div className="minimap" />
              <div className="wf-line ruler" />
            </div>
          </div>
          <div>
            {rows.map((width, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: places have nothing else
              <div key={i} className="px-2 py-[6px]" style={{ paddingLeft: 8 + (i % 6) * 13 }}>
                <Skeleton width={`${width}%`} />
              </div>
            ))}
          </div>
        </section>
        <div className="hide-s">
          <section className="panel" style={{ minHeight: 320 }} />
        </div>
      </div>
    </>
  );
}

type Failed = Pick<UseQueryResult<unknown>, 'error' | 'refetch' | 'isFetching'> &
  Parameters<typeof panelStateOf>[0] & { error: unknown };

/** In place of a trace that cannot be shown: why, and what can be done. */
export function TraceMissing({ traceId, at, query }: { traceId: string; at: string | undefined; query: Failed }) {
  const range = useTimeRange();
  const problem = query.error as { code?: string; status?: number; message: string };
  const similar = searchHref(rangeAround(at, range));
  const actions = (
    <>
      <Link href={similar} className={buttonClass({ variant: 'primary' })}>
        {at ? 'Traces of that time' : 'Search traces'}
      </Link>
      <Button onClick={() => void query.refetch()} busy={query.isFetching}>
        Look again
      </Button>
    </>
  );
  if (problem.code === 'traces.not_found' || problem.status === 404) {
    return (
      <MessagePage title="This trace was not found" actions={actions}>
        <p>{problem.message}</p>
        <p className="mt-2">
          It may have been left out by sampling, be older than what is kept, or not have arrived yet. Errors and slow
          traces are kept whatever the load, so a similar one may be there.
        </p>
        <p className="mono mt-2 [overflow-wrap:anywhere]">{traceId}</p>
      </MessagePage>
    );
  }
  if (problem.status === 400) {
    return (
      <MessagePage
        title={parseTraceId(traceId, 1) === null ? 'This is no trace id' : 'This address cannot be read'}
        actions={actions}
      >
        <p>{problem.message}</p>
        <p className="mono mt-2 [overflow-wrap:anywhere]">{traceId}</p>
      </MessagePage>
    );
  }
  if (problem.status === 413) {
    return (
      <MessagePage title="This trace is too large" actions={actions}>
        <p>{problem.message}</p>
      </MessagePage>
    );
  }
  const state = panelStateOf(query, problem.status === 0 ? 'The console' : 'The source of traces');
  return (
    <>
      <h1>Trace {traceId.slice(0, 8)}</h1>
      <Panel title="Trace" state={state} bodyHeight={320} />
    </>
  );
}
