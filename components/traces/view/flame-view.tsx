'use client';
import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { flameOf } from '#lib/traces/flame-rules.ts';
import { useWidth } from '../../charts/use-width.ts';
import { Button } from '../../ui/button.tsx';
import { useThemeVersion } from '../../ui/use-theme-version.ts';
import { serviceColorCount } from '../service-colors.ts';
import { zoomOnSpan } from './brush.ts';
import { type FlameLook, inkOn, laneHeight, lanesOf, paintFlame, spanAt } from './flame-paint.ts';
import { Minimap } from './minimap.tsx';
import { formatNs, placeIn, shownPart, spanTicks } from './span-time.ts';
import { idOf, isError, lengthOf, nameOf, serviceOf, startOf, type TraceModel } from './trace-model.ts';
import type { TraceViewState } from './trace-url.ts';
import type { TraceInsight } from './use-insight.ts';
import type { Matches } from './use-matches.ts';
import type { ChangeView } from './use-trace-view.ts';

export interface FlameViewProps {
  model: TraceModel;
  insight: TraceInsight | null;
  state: TraceViewState;
  change: ChangeView;
  matches: Matches;
  onOpen: () => void;
}

const mostHeight = 620;

/** Spans stacked below their parents, over time. Only the rows in view are drawn. */
export function FlameView({ model, insight, state, change, matches, onOpen }: FlameViewProps) {
  const help = useId();
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  const [top, setTop] = useState(0);
  const [over, setOver] = useState<{ span: number; x: number; y: number } | null>(null);
  const flame = useMemo(() => flameOf(model.spans, model.tree), [model]);
  const lanes = useMemo(() => lanesOf(flame), [flame]);
  const part = useMemo(() => shownPart(state.zoom, model.totalNs), [state.zoom, model.totalNs]);
  const selected = model.find(state.span);
  const whole = flame.lanes * laneHeight;
  const height = Math.min(whole, mostHeight);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas takes its colours from the theme
  useLayoutEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d');
    if (!element || !g || width === null) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintFlame(g, model, flame, lanes, lookOf(element), {
      part,
      width,
      top,
      height,
      selected,
      flags: matches.flags,
      isAsync: insight?.isAsync ?? (() => false),
    });
  }, [model, flame, lanes, part, width, top, height, selected, matches.flags, insight, theme]);

  // The selected span is brought into view: keys may have led out of it.
  useEffect(() => {
    const element = box.current;
    if (!element || selected < 0) return;
    const y = (flame.lane[selected] as number) * laneHeight;
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + laneHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = y + laneHeight - element.clientHeight;
  }, [box, selected, flame]);

  const at = (event: PointerEvent): { span: number; x: number; y: number } => {
    const rect = canvas.current?.getBoundingClientRect();
    if (!rect || width === null) return { span: -1, x: 0, y: 0 };
    const [x, y] = [event.clientX - rect.left, event.clientY - rect.top];
    const perPx = (part.toNs - part.fromNs) / width;
    const lane = Math.floor((y + top) / laneHeight);
    return { span: spanAt(lanes, flame, lane, part.fromNs + x * perPx, perPx * 1.5), x, y: y + top };
  };
  const select = (span: number) => change({ span: idOf(model, span) });
  const zoomTo = (span: number) =>
    change({
      span: idOf(model, span),
      zoom: zoomOnSpan(startOf(model, span), lengthOf(model, span), model.totalNs),
    });
  const onClick = (event: PointerEvent) => {
    const { span } = at(event);
    if (span < 0) return;
    if (span === selected) zoomTo(span);
    else select(span);
    onOpen();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && state.zoom) {
      event.preventDefault();
      change({ zoom: null });
      return;
    }
    const to = keyedSpan(event.key, selected, model, flame.lane, lanes);
    if (to !== null) {
      event.preventDefault();
      select(to);
    } else if (event.key === 'Enter' && selected >= 0) {
      event.preventDefault();
      zoomTo(selected);
    }
  };
  const ticks = spanTicks(part, 6);
  return (
    <section className="panel flame-panel" aria-label="Flame graph">
      <header>
        <span className="faint" id={help}>
          A click selects a span, one more zooms to it. With keys: arrows, Enter zooms, Esc shows all.
        </span>
        <span className="spacer" />
        {state.zoom ? (
          <Button size="sm" onClick={() => change({ zoom: null })}>
            Show the whole trace
          </Button>
        ) : null}
      </header>
      <Minimap model={model} zoom={state.zoom} onZoom={(zoom) => change({ zoom })} />
      <div className="wf-ticks flame-ticks" aria-hidden="true">
        {ticks.values.map((ns) => {
          const place = placeIn(part, ns);
          return place > 0.95 ? null : (
            <span key={ns} style={{ left: `${place * 100}%` }}>
              {ticks.label(ns)}
            </span>
          );
        })}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: what is drawn in it cannot be a fieldset's controls */}
      <div
        ref={box}
        className="flame"
        role="group"
        aria-label="Spans as a flame graph"
        aria-describedby={help}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its spans are reached with the arrow keys
        tabIndex={0}
        style={{ height }}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          const now = at(event);
          setOver(now.span < 0 ? null : now);
        }}
        onPointerLeave={() => setOver(null)}
        onClick={(event) => onClick(event as unknown as PointerEvent)}
      >
        <div style={{ height: whole }}>
          <canvas ref={canvas} style={{ width: '100%', height }} role="img" aria-label="Flame graph" />
        </div>
        {over ? <Tip model={model} over={over} width={width ?? 0} top={top} height={height} /> : null}
        <span className="sr" role="status">
          {selected >= 0
            ? `${serviceOf(model, selected)} ${nameOf(model, selected)}, ${formatNs(lengthOf(model, selected))}${isError(model, selected) ? ', error' : ''}`
            : ''}
        </span>
      </div>
    </section>
  );
}

interface TipProps {
  model: TraceModel;
  over: { span: number; x: number; y: number };
  width: number;
  top: number;
  height: number;
}

function Tip({ model, over: { span, x, y }, width, top, height }: TipProps) {
  const isLow = y - top > height - 70;
  return (
    <div
      className="flame-tip"
      style={{
        left: Math.max(0, Math.min(x + 12, width - 260)),
        top: isLow ? y - 60 : y + 16,
      }}
    >
      <b>{serviceOf(model, span)}</b> {nameOf(model, span)}
      <br />
      {formatNs(lengthOf(model, span))} <span className="faint">from {formatNs(startOf(model, span))}</span>
      {isError(model, span) ? <span className="bad"> ✕ error</span> : null}
    </div>
  );
}

/** The span that an arrow key leads to: parent, longest child, the ones before and after in the same row. */
function keyedSpan(
  key: string,
  selected: number,
  { tree, spans }: TraceModel,
  lane: Int32Array,
  lanes: { first: Int32Array; spans: Int32Array },
): number | null {
  if (tree.size === 0) return null;
  if (selected < 0) return /^(Arrow|Home|End)/.test(key) ? (tree.roots[0] ?? null) : null;
  if (key === 'Home') return tree.roots[0] ?? null;
  if (key === 'ArrowUp') return (tree.parent[selected] as number) >= 0 ? (tree.parent[selected] as number) : null;
  if (key === 'ArrowDown') {
    const children = tree.children.subarray(tree.firstChild[selected], tree.firstChild[selected + 1]);
    let longest: number | null = null;
    for (const child of children) {
      if (longest === null || (spans.duration[child] as number) > (spans.duration[longest] as number)) longest = child;
    }
    return longest;
  }
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null;
  const row = lane[selected] as number;
  const own = lanes.spans.subarray(lanes.first[row], lanes.first[row + 1]);
  return own[own.indexOf(selected) + (key === 'ArrowRight' ? 1 : -1)] ?? null;
}

function lookOf(element: Element): FlameLook {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return {
    services: Array.from({ length: serviceColorCount }, (_, i) => {
      const fill = color(`--s${i + 1}`);
      return { fill, text: inkOn(fill) };
    }),
    faint: color('--ink'),
    bad: color('--bad'),
    brass: color('--brass'),
    font: `11px ${style.fontFamily}`,
  };
}
