'use client';
import './logs.css';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiError, queryString } from '#lib/core/fetch-json.ts';
import { logFacetsQuery } from '#lib/logs/queries.ts';
import type { LogLevel, LogLine } from '#lib/logs/schemas.ts';
import { useRange } from '../charts/use-range.ts';
import { Button } from '../ui/button.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Panel } from '../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../ui/panel-state.ts';
import { chartHeight, LevelLegend, LogBars } from './histogram.tsx';
import { stepWords } from './histogram-model.ts';
import { LineDetail } from './line-detail.tsx';
import { LineList } from './line-list.tsx';
import { LinesHead } from './lines-head.tsx';
import { LinkedLine } from './linked-line.tsx';
import { emptyState } from './list-state.tsx';
import { spansDays } from './log-time.ts';
import { apiFilters, type LogFilters, noFilters, textOf } from './logs-url.ts';
import { LogNotes } from './notes.tsx';
import { SearchHead } from './search-head.tsx';
import { type Term, withTerm } from './terms.ts';
import { useLogs } from './use-logs.ts';
import { useLogsView } from './use-logs-view.ts';
import { useTail } from './use-tail.ts';

const listHeight = 260;
const noLines: readonly LogLine[] = [];
/** While it loads the content itself holds its place. */
const settled = (state: PanelState): PanelState => (state.kind === 'loading' ? { kind: 'ok' } : state);

/** Lines of every service: what is searched for, how many over time, the lines themselves, and what arrives. */
export function LogsScreen() {
  const { current } = useEnvironment();
  const time = useRange();
  const { zone, fromMs, toMs } = time;
  const [view, setView] = useLogsView();
  const [isAtTop, setAtTop] = useState(true);
  const [isPaused, setPaused] = useState(false);
  const commit = useRef<(() => boolean) | null>(null);
  const env = current.name;
  const range = { env, ...time.wanted };
  const asked = useLogs({ ...range, ...apiFilters(view) }, time.renewEvery);
  const facets = useQuery({ ...logFacetsQuery(range), retry: false });
  const { list, histogram } = asked;

  const tailUrl = view.isTailing ? `/api/v1/logs/tail?${queryString({ env, ...apiFilters(view) })}` : null;
  const isHeld = isPaused || !isAtTop || view.line !== null;
  // While another search is on its way, the lines are still those of the one before.
  const tail = useTail(tailUrl, isHeld, list.isPlaceholderData ? noLines : asked.lines);
  const { showWaiting } = tail;
  useEffect(() => {
    if (!isHeld) showWaiting();
  }, [isHeld, showWaiting]);
  const lines = view.isTailing ? tail.buffer.lines : asked.lines;

  const change = (filters: Partial<LogFilters>) => setView({ ...filters, line: null, around: 0 });
  const onFilter = (term: Term) => change(withTerm(view, term));
  const sourceNames = new Map((facets.data?.sources ?? asked.sources).map(({ id, name }) => [id, name]));
  const open = view.line?.id ?? null;
  const isLoaded = useMemo(() => open === null || lines.some(({ id }) => id === open), [lines, open]);
  const problem = list.error instanceof ApiError && list.error.status === 400 ? list.error.message : undefined;
  const count = lines.length;
  const state =
    view.isTailing && count > 0
      ? { kind: 'ok' as const }
      : (emptyState({
          list,
          count,
          isTailing: view.isTailing,
          env,
          filters: view,
          onClear: () => change(noFilters),
          onWiden: time.zoomOut,
        }) ?? panelStateOf(list, 'The source'));

  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const lastPage = list.data?.pages.at(-1);
  // A page without lines was cut short by time: going on is left to the person.
  const mayGoOn = hasNextPage && !isFetchingNextPage && !view.isTailing && !asked.isFull;
  const goesOn = mayGoOn && !isFetchNextPageError && (lastPage?.items.length ?? 0) > 0;
  const onEnd = useCallback(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);

  const detail = (line: LogLine) => (
    <LineDetail
      env={env}
      line={line}
      zone={zone}
      around={view.around}
      sourceName={sourceNames.size > 1 ? sourceNames.get(line.source) : undefined}
      onAround={(around) => setView({ around })}
      onFilter={onFilter}
    />
  );
  const showNewest = () => {
    document.querySelector('.log-list .scroll')?.scrollTo({ top: 0 });
    setView({ line: null, around: 0 });
    setPaused(false);
    showWaiting();
  };

  return (
    <>
      <SearchHead
        filters={view}
        range={range}
        services={facets.data?.services ?? []}
        sources={facets.data?.sources ?? []}
        problem={problem}
        commitRef={commit}
        onChange={change}
        onSearch={() => {
          if (commit.current?.() !== false) asked.refresh();
        }}
      />
      <Panel
        title="Lines over time"
        meta={
          histogram.data
            ? `lines per ${stepWords(histogram.data.stepMs)}${histogram.data.exact ? '' : ', a part'}`
            : undefined
        }
        state={settled(panelStateOf(histogram, 'The source'))}
        bodyHeight={chartHeight + 34}
      >
        <LogBars
          histogram={histogram.data}
          fromMs={fromMs}
          toMs={toMs}
          zone={zone}
          onZoom={time.zoom}
          onZoomOut={time.zoomOut}
        />
        {histogram.data ? (
          <LevelLegend histogram={histogram.data} onLevel={(level) => change({ level: level as LogLevel })} />
        ) : null}
      </Panel>
      {view.line && !isLoaded && !list.isPending ? (
        <LinkedLine
          env={env}
          place={view.line}
          zone={zone}
          detail={detail}
          onClose={() => setView({ line: null, around: 0 })}
        />
      ) : null}
      <Panel
        title={list.isPending ? 'Lines' : linesWord(count)}
        meta={hasNextPage && !view.isTailing ? 'the newest; more match' : undefined}
        actions={
          <LinesHead
            view={view}
            tail={tail.state}
            isPaused={isPaused}
            asOfMs={list.dataUpdatedAt}
            zone={zone}
            download={(format) => `/api/v1/logs/download?${queryString({ ...range, ...apiFilters(view), format })}`}
            onRefresh={asked.refresh}
            onTail={(isTailing) => {
              setPaused(false);
              setView({ isTailing });
            }}
            onPause={setPaused}
            onWrap={(isWrapped) => setView({ isWrapped })}
          />
        }
        state={settled(state)}
        bodyHeight={listHeight}
        flush
      >
        <LogNotes
          notes={[...asked.notes, ...(histogram.data?.notes ?? []).filter((note) => !asked.notes.includes(note))]}
          failures={[...asked.failures, ...tail.failures]}
          tail={view.isTailing ? tail : null}
        />
        <LineList
          lines={lines}
          isLoading={list.isPending}
          words={view.words}
          zone={zone}
          withDay={spansDays(fromMs, toMs, zone)}
          isWrapped={view.isWrapped}
          openId={open}
          onOpen={(line) => setView({ line: line && { id: line.id, timeNs: line.timeNs }, around: 0 })}
          detail={detail}
          onAtTop={setAtTop}
          onEnd={onEnd}
          searchKey={`${asked.key} ${tailUrl}`}
          above={
            tail.buffer.waiting.length > 0 ? (
              <button type="button" className="log-waiting" onClick={showNewest}>
                ↑{' '}
                {tail.buffer.waiting.length === 1
                  ? '1 new line'
                  : `${tail.buffer.waiting.length.toLocaleString('en')} new lines`}
              </button>
            ) : null
          }
          below={
            list.isPending ? null : (
              <ListEnd
                isTailing={view.isTailing}
                isFull={asked.isFull}
                isLoading={isFetchingNextPage}
                problem={isFetchNextPageError ? (list.error?.message ?? 'it gave no answer') : null}
                hasMore={hasNextPage}
                onMore={() => void fetchNextPage()}
              />
            )
          }
        />
      </Panel>
      <span className="sr" aria-live="polite">
        {list.isFetching || view.isTailing ? '' : `${count} lines${textOf(view) ? ` with ${textOf(view)}` : ''}`}
      </span>
    </>
  );
}

const linesWord = (count: number) => (count === 1 ? '1 line' : `${count.toLocaleString('en')} lines`);

interface ListEndProps {
  isTailing: boolean;
  isFull: boolean;
  isLoading: boolean;
  problem: string | null;
  hasMore: boolean;
  onMore: () => void;
}

function ListEnd({ isTailing, isFull, isLoading, problem, hasMore, onMore }: ListEndProps) {
  if (isTailing) return <p className="log-end faint">Older lines come back when you stop following.</p>;
  if (isFull) {
    return <p className="log-end faint">No more than these are shown at once. Narrow the search, or download.</p>;
  }
  if (!hasMore) return <p className="log-end faint">Nothing older in this time.</p>;
  return (
    <div className="log-end row">
      <Button size="sm" onClick={onMore} busy={isLoading}>
        {isLoading ? 'Loading older…' : 'Load older'}
      </Button>
      {problem ? (
        <span className="bad" role="alert">
          {problem}
        </span>
      ) : null}
    </div>
  );
}
