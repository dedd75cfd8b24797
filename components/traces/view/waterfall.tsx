'use client';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Folds } from '#lib/traces/fold-rules.ts';
import { groupAt, rowOfGroup, visibleRows } from '#lib/traces/visible-rules.ts';
import { zoomOnSpan } from './brush.ts';
import { flip, parentRow, reveal, rowName, viewOf } from './open-rows.ts';
import { shownPart } from './span-time.ts';
import { idOf, lengthOf, startOf, type TraceModel } from './trace-model.ts';
import type { TraceViewState } from './trace-url.ts';
import { treeMove } from './tree-keys.ts';
import type { TraceInsight } from './use-insight.ts';
import type { Matches } from './use-matches.ts';
import { phone, useMedia } from './use-media.ts';
import { nameLimits, useNameWidth } from './use-name-width.ts';
import type { ChangeView } from './use-trace-view.ts';
import { tickStyle, WfHead } from './wf-head.tsx';
import { rowElementId, WfRow } from './wf-row.tsx';

export interface WaterfallHandle {
  /** Brings the row of a span into view, in the middle where it is not seen. */
  show: (span: number) => void;
  focus: () => void;
}

export interface WaterfallProps {
  model: TraceModel;
  folds: Folds;
  insight: TraceInsight | null;
  state: TraceViewState;
  change: ChangeView;
  matches: Matches;
  /** 1 for each service that a fault was on. */
  inFault: Uint8Array;
  onOpen: () => void;
  tools: React.ReactNode;
  handle: Ref<WaterfallHandle>;
}

const rowHeight = { desk: 24, phone: 44 };
/** Rows are first drawn for a window so high, on the server too. */
const firstWindow = { width: 1280, height: 900 };

/** The spans of a trace, one below the other over time. Only the rows in view are in the document. */
export function Waterfall(props: WaterfallProps) {
  const { model, folds, insight, state, change, matches, inFault, onOpen, tools, handle } = props;
  const { tree, spans, trace } = model;
  const isPhone = useMedia(phone);
  const height = isPhone ? rowHeight.phone : rowHeight.desk;
  const [nameWidth, setNameWidth] = useNameWidth();
  const box = useRef<HTMLDivElement>(null);
  const parts = useMemo(() => ({ tree, folds, ids: spans.id, find: model.find }), [tree, folds, spans.id, model.find]);
  const { rows: mode, flipped } = state;
  const visible = useMemo(
    () => visibleRows(tree, folds, viewOf({ rows: mode, flipped }, parts)),
    [tree, folds, mode, flipped, parts],
  );
  const { rows, depth } = visible;
  const part = useMemo(() => shownPart(state.zoom, model.totalNs), [state.zoom, model.totalNs]);
  const selected = model.find(state.span);

  // A row of folded siblings is no span: that it is the active one is not in the address.
  const [activeGroup, setActiveGroup] = useState<number | null>(null);
  const active = Math.max(0, rows.indexOf(activeGroup !== null ? rowOfGroup(activeGroup) : selected));

  const { margin, head } = usePlace(box);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 4,
    scrollMargin: margin,
    scrollPaddingStart: head + 8,
    scrollPaddingEnd: isPhone ? 72 : 16,
    initialRect: firstWindow,
    useFlushSync: false,
    // The active row is named by the grid, so it stays in the document.
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      return active >= rows.length || seen.includes(active) ? seen : [...seen, active].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height have other places
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height]);

  const items = virtualizer.getVirtualItems();
  // Rows that come into view take the elements of those that left it, which is cheaper than new ones.
  const pool = 2 ** Math.ceil(Math.log2(items.length + 2));

  const goTo = (index: number) => {
    const row = rows[index];
    if (row === undefined) return;
    const group = groupAt(row);
    setActiveGroup(group);
    change({ span: group === null ? idOf(model, row) : null });
    virtualizer.scrollToIndex(index, { align: 'auto', behavior: 'auto' });
  };
  const toggle = (index: number) => {
    const row = rows[index];
    if (row === undefined) return;
    change((before) => ({ flipped: flip(before.flipped, rowName(row, parts)) }));
  };
  const expandedAt = (index: number): boolean | undefined => {
    const row = rows[index] as number;
    if (groupAt(row) !== null) return rows[index + 1] === folds.groups[groupAt(row) as number]?.members[0];
    if ((tree.subtree[row] as number) === 1) return undefined;
    return index + 1 < rows.length && (depth[index + 1] as number) > (depth[index] as number);
  };

  // The row of a span may come into being only with the next drawing, when what hid it was opened. A link or another
  // view leads to a span too; it is not brought out of what somebody closed by hand.
  const isUntouched = mode.kind === 'all' && flipped.length === 0;
  const wanted = useRef(selected >= 0 && (isUntouched || rows.includes(selected)) ? selected : null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the rows come onto the page
  useEffect(() => {
    if (wanted.current === null || !isUntouched) return;
    const opened = reveal(state, parts, wanted.current);
    if (opened) change(opened);
  }, []);
  const show = (span: number) => {
    setActiveGroup(null);
    wanted.current = span;
    const index = rows.indexOf(span);
    if (index >= 0) scrollTo(index);
  };
  const scrollTo = (index: number) => {
    wanted.current = null;
    const top = margin + index * height;
    const isSeen = top > window.scrollY + head && top + height < window.scrollY + window.innerHeight - 16;
    if (!isSeen) virtualizer.scrollToIndex(index, { align: 'center', behavior: 'auto' });
  };
  useEffect(() => {
    // Before the place of the rows is measured, none can be scrolled to.
    if (wanted.current === null || margin === 0) return;
    const index = rows.indexOf(wanted.current);
    if (index >= 0) scrollTo(index);
  });
  useImperativeHandle(handle, () => ({ show, focus: () => box.current?.focus({ preventScroll: true }) }));

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'z' && selected >= 0) {
      event.preventDefault();
      change({ zoom: zoomOnSpan(startOf(model, selected), lengthOf(model, selected), model.totalNs) });
      return;
    }
    if (event.key === 'Escape' && state.zoom) {
      event.preventDefault();
      change({ zoom: null });
      return;
    }
    const move = treeMove(event.key, {
      index: active,
      count: rows.length,
      expanded: expandedAt(active),
      parent: parentRow(rows, depth, folds, active),
    });
    if (!move) return;
    event.preventDefault();
    if (move.kind === 'toggle') toggle(active);
    else if (move.kind === 'go') goTo(selected < 0 && activeGroup === null ? 0 : move.index);
    else if (groupAt(rows[active] as number) !== null) toggle(active);
    else {
      goTo(active);
      onOpen();
    }
  };
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement;
    const index = Number(target.closest<HTMLElement>('[data-row]')?.dataset.row ?? Number.NaN);
    if (!Number.isInteger(index)) return;
    const group = groupAt(rows[index] as number);
    if (target.closest('[data-caret]') || group !== null) {
      setActiveGroup(group);
      toggle(index);
      return;
    }
    goTo(index);
    onOpen();
  };

  const mostTicks = isPhone ? 2 : 5;
  const style = {
    '--name': `${nameWidth}px`,
    '--row': `${height}px`,
    ...tickStyle(part, mostTicks),
  } as CSSProperties;
  return (
    <section className="panel wf" aria-label="Waterfall" style={style}>
      <div className="wf-sticky">
        {tools}
        <WfHead
          model={model}
          part={part}
          zoom={state.zoom}
          onZoom={(zoom) => change({ zoom })}
          mostTicks={mostTicks}
          nameWidth={nameWidth}
          onNameWidth={setNameWidth}
          nameLimits={nameLimits}
        />
      </div>
      <div
        ref={box}
        className="wf-rows"
        role="treegrid"
        aria-label="Spans"
        aria-rowcount={rows.length}
        aria-colcount={3}
        aria-readonly="true"
        tabIndex={0}
        aria-activedescendant={rows.length > 0 ? rowElementId(active) : undefined}
        style={{ height: rows.length * height }}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onFocus={(event) => {
          if (event.target.matches(':focus-visible') && rows.length > 0) scrollTo(active);
        }}
      >
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const group = groupAt(row);
          const fold = group === null ? undefined : folds.groups[group];
          const span = fold ? (fold.members[0] as number) : row;
          return (
            <WfRow
              key={index === active ? 'active' : index % pool}
              model={model}
              insight={insight}
              span={span}
              times={fold ? fold.members.length : 1}
              fromNs={fold ? fold.fromNs : startOf(model, span)}
              toNs={fold ? fold.toNs : startOf(model, span) + lengthOf(model, span)}
              level={depth[index] as number}
              expanded={expandedAt(index)}
              part={part}
              index={index}
              top={start - margin}
              active={index === active && (selected >= 0 || activeGroup !== null)}
              selected={group === null && row === selected}
              marked={group === null && matches.flags !== null && matches.flags[span] === 1}
              inFault={inFault[trace.spans.service[span] as number] === 1}
            />
          );
        })}
      </div>
    </section>
  );
}

/** Where the rows begin on the page, and how much of the window what stays on top of them takes. */
function usePlace(box: React.RefObject<HTMLDivElement | null>): { margin: number; head: number } {
  const [place, setPlace] = useState({ margin: 0, head: 0 });
  useLayoutEffect(() => {
    const read = () => {
      const element = box.current;
      if (!element) return;
      const margin = Math.round(element.getBoundingClientRect().top + window.scrollY);
      // On a phone only a part of the head stays.
      const parts = element.parentElement?.querySelectorAll<HTMLElement>('.wf-sticky, .wf-head') ?? [];
      const sticky = [...parts].find((part) => getComputedStyle(part).position === 'sticky');
      const top = sticky ? Number.parseFloat(getComputedStyle(sticky).top) || 0 : 0;
      const head = top + (sticky?.offsetHeight ?? 0);
      setPlace((before) => (before.margin === margin && before.head === head ? before : { margin, head }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [box]);
  return place;
}
