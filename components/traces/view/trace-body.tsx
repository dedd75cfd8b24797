'use client';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { traceLogsQuery } from '#lib/logs/queries.ts';
import { foldsOf } from '#lib/traces/fold-rules.ts';
import type { Trace } from '#lib/traces/schemas.ts';
import { failedSpans, nextOf } from '#lib/traces/visible-rules.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { zoomOnSpan } from './brush.ts';
import { contributorsOf } from './contributors.ts';
import { reveal } from './open-rows.ts';
import { logRange } from './span-logs.tsx';
import { SpanPanel } from './span-panel.tsx';
import { TraceFlaws } from './trace-flaws.tsx';
import { TraceHeader } from './trace-header.tsx';
import { idOf, lengthOf, modelOf, startOf } from './trace-model.ts';
import { TraceTabs } from './trace-tabs.tsx';
import type { Mark } from './trace-url.ts';
import { useInsight } from './use-insight.ts';
import { firstMarked, useMatches } from './use-matches.ts';
import { narrow, useMedia } from './use-media.ts';
import { useTraceKeys } from './use-trace-keys.ts';
import { useTraceView } from './use-trace-view.ts';
import { Waterfall, type WaterfallHandle } from './waterfall.tsx';
import { WfTools } from './wf-tools.tsx';
import { WhereTimeWent } from './where-time-went.tsx';

const FlameView = lazy(() => import('./flame-view.tsx').then(({ FlameView: view }) => ({ default: view })));
const StatisticsView = lazy(() =>
  import('./statistics-view.tsx').then(({ StatisticsView: view }) => ({ default: view })),
);
const ServicesView = lazy(() => import('./services-view.tsx').then(({ ServicesView: view }) => ({ default: view })));
const TraceLogs = lazy(() => import('./trace-logs.tsx').then(({ TraceLogs: view }) => ({ default: view })));
const CompareView = lazy(() => import('./compare-view.tsx').then(({ CompareView: view }) => ({ default: view })));
const SpanSheet = lazy(() => import('./span-sheet.tsx'));

/** A trace that is there: its header, the ways of looking at it, and the detail of the selected span. */
export function TraceBody({ trace }: { trace: Trace }) {
  const { state, change } = useTraceView();
  const { current } = useEnvironment();
  const model = useMemo(() => modelOf(trace, state.rawClocks), [trace, state.rawClocks]);
  const folds = useMemo(() => foldsOf(model.spans, model.tree), [model]);
  const insight = useInsight(model);
  const contributions = useMemo(() => (insight ? contributorsOf(model, insight) : null), [model, insight]);
  const matches = useMatches(model, folds, state);
  const failed = useMemo(() => failedSpans(trace.spans.status, folds.order), [trace, folds]);
  const inFault = useMemo(() => faultsOf(trace), [trace]);
  const waterfall = useRef<WaterfallHandle>(null);
  const isNarrow = useMedia(narrow);
  const [isOpen, setOpen] = useState(state.span !== null);
  const selected = model.find(state.span);
  const env = trace.environment ?? current.name;
  const logs = useQuery(traceLogsQuery({ env, trace: trace.traceId, ...logRange(trace.at, trace.durationNs) }));

  const parts = useMemo(
    () => ({ tree: model.tree, folds, ids: trace.spans.id, find: model.find }),
    [model, folds, trace],
  );
  /** Selects a span and brings its row into view, whatever hid it. */
  const select = (span: number) => {
    change((before) => ({ ...(reveal(before, parts, span) ?? {}), view: 'waterfall', span: idOf(model, span) }));
    waterfall.current?.show(span);
  };
  /** Marks spans and shows the first of them. */
  const mark = (wanted: Mark) => {
    change({ view: 'waterfall', find: '', mark: wanted });
    const first = firstMarked(wanted, model, folds);
    if (first >= 0) select(first);
  };
  const step = (among: Int32Array, direction: 1 | -1) => {
    const next = nextOf(among, folds.position, selected < 0 ? null : selected, direction);
    if (next !== null) select(next);
  };
  // What was asked for while the search still ran is done when it has its answer.
  const awaited = useRef<1 | -1 | null>(null);
  const stepMatch = (direction: 1 | -1) => {
    awaited.current = matches.isSearching ? direction : null;
    if (!matches.isSearching) step(matches.spans, direction);
  };
  useEffect(() => {
    if (matches.isSearching || awaited.current === null) return;
    stepMatch(awaited.current);
  });
  useTraceKeys({ onError: (direction) => step(failed, direction), onMatch: stepMatch });

  const close = () => {
    setOpen(false);
    if (!isNarrow) change({ span: null });
  };
  const detail = (
    <SpanPanel
      model={model}
      insight={insight}
      span={selected}
      env={env}
      onClose={close}
      onZoom={() => change({ zoom: zoomOnSpan(startOf(model, selected), lengthOf(model, selected), model.totalNs) })}
    />
  );
  return (
    <>
      <TraceHeader
        trace={trace}
        contribution={contributions?.[0] ?? null}
        totalNs={model.totalNs}
        onErrors={() => change({ view: 'waterfall', rows: { kind: 'errors' }, flipped: [] })}
        onCompare={() => change({ view: 'compare' })}
        onSpan={select}
      />
      <TraceFlaws
        model={model}
        onClocks={() => change({ rawClocks: !state.rawClocks })}
        onShow={({ kind, spans }) => {
          if (spans.length > 0) mark({ kind: 'flaw', flaw: kind });
        }}
      />
      <TraceTabs traceId={trace.traceId} state={state} change={change} logs={logsWord(logs.data)} />
      {state.view === 'waterfall' || state.view === 'flame' ? (
        <div className={isNarrow ? 'trace-cols single' : 'trace-cols'}>
          {state.view === 'flame' ? (
            <Suspense fallback={<Skeleton height={360} />}>
              <FlameView
                model={model}
                insight={insight}
                state={state}
                change={change}
                matches={matches}
                onOpen={() => setOpen(true)}
              />
            </Suspense>
          ) : (
            <Waterfall
              handle={waterfall}
              model={model}
              folds={folds}
              insight={insight}
              state={state}
              change={change}
              matches={matches}
              inFault={inFault}
              onOpen={() => setOpen(true)}
              tools={
                <WfTools
                  model={model}
                  state={state}
                  change={change}
                  matches={matches}
                  matchPlace={selected < 0 ? -1 : matches.spans.indexOf(selected)}
                  onMatch={stepMatch}
                  onError={(direction) => step(failed, direction)}
                />
              }
            />
          )}
          {isNarrow ? null : (
            <aside className="panel trace-side" aria-label="Detail">
              <div>
                {selected >= 0 ? detail : <WhereTimeWent model={model} contributions={contributions} onSpan={select} />}
              </div>
            </aside>
          )}
        </div>
      ) : (
        <div className="stack" data-testid={`view-${state.view}`}>
          <Suspense fallback={<Skeleton height={360} />}>{otherView()}</Suspense>
        </div>
      )}
      {isNarrow && isOpen && selected >= 0 && (state.view === 'waterfall' || state.view === 'flame') ? (
        <Suspense>
          <SpanSheet onClose={close}>{detail}</SpanSheet>
        </Suspense>
      ) : null}
    </>
  );

  function otherView(): ReactNode {
    switch (state.view) {
      case 'statistics':
        return (
          <StatisticsView
            model={model}
            insight={insight}
            state={state}
            change={change}
            onRow={({ service, name }) =>
              mark(name === null ? { kind: 'service', service } : { kind: 'operation', service, name })
            }
          />
        );
      case 'services':
        return (
          <ServicesView model={model} insight={insight} onService={(service) => mark({ kind: 'service', service })} />
        );
      case 'logs':
        return <TraceLogs model={model} env={env} query={logs} onSpan={select} />;
      case 'compare':
        return <CompareView trace={trace} env={env} other={state.with} change={change} />;
      default:
        return null;
    }
  }
}

/** 1 for each service on which a fault was while the trace ran. */
function faultsOf(trace: Trace): Uint8Array {
  const flags = new Uint8Array(trace.services.length);
  for (const { kind, services } of trace.facts) {
    if (kind === 'fault') for (const name of services) flags[trace.services.indexOf(name)] = 1;
  }
  return flags;
}

const logsWord = (list: { items: unknown[]; truncated: boolean } | undefined): string | null =>
  list ? `${list.items.length}${list.truncated ? '+' : ''}` : null;
