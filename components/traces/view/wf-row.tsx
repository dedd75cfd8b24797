'use client';
import { type CSSProperties, memo } from 'react';
import { cx } from '../../ui/cx.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { formatNs, placeIn } from './span-time.ts';
import { colorOf, isError, nameOf, serviceOf, type TraceModel } from './trace-model.ts';
import type { Zoom } from './trace-url.ts';
import type { TraceInsight } from './use-insight.ts';

export interface WfRowProps {
  model: TraceModel;
  insight: TraceInsight | null;
  /** The span; the first one where siblings are folded. */
  span: number;
  /** Siblings that this row stands for; 1 for a span of its own. */
  times: number;
  /** From its earliest start to its latest end: of all folded siblings. */
  fromNs: number;
  toNs: number;
  level: number;
  expanded: boolean | undefined;
  part: Zoom;
  index: number;
  top: number;
  active: boolean;
  selected: boolean;
  marked: boolean;
  inFault: boolean;
}

/** Id of a row's element, for `aria-activedescendant`. */
export const rowElementId = (index: number): string => `span-row-${index}`;

const percent = (ratio: number) => `${ratio * 100}%`;

function Row(props: WfRowProps) {
  const { model, span, times, fromNs, toNs, level, expanded, index, top } = props;
  const service = serviceOf(model, span);
  const name = nameOf(model, span);
  // What failed is never folded.
  const failed = times === 1 && isError(model, span);
  const length = toNs - fromNs;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has focus and names its active row
    // biome-ignore lint/a11y/useSemanticElements: rows of a tree are laid out over an axis, not in a table
    <div
      role="row"
      id={rowElementId(index)}
      data-row={index}
      className={cx('wf-row', props.active && 'active', props.marked && 'marked')}
      aria-rowindex={index + 1}
      aria-level={level + 1}
      aria-expanded={expanded}
      aria-selected={props.selected}
      style={{ top }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell" className="wf-name" style={{ '--level': level } as CSSProperties}>
        {expanded === undefined ? (
          <span className="caret" />
        ) : (
          <button
            type="button"
            tabIndex={-1}
            className="caret"
            data-caret=""
            aria-label={expanded ? 'Collapse' : 'Expand'}
          >
            {expanded ? '▾' : '▸'}
          </button>
        )}
        <i className="sq" style={{ background: colorOf(model, span) }} />
        <span className="clip">
          <b>{service}</b> <span className="dim">{name}</span>
        </span>
        {times > 1 ? (
          <span className="times" title={`${times} alike, one after the other`}>
            ×{times}
          </span>
        ) : null}
        {failed ? (
          <span className="bad flex-none">
            <span aria-hidden="true">✕</span>
            <span className="sr">error</span>
          </span>
        ) : null}
        {props.inFault ? (
          <span className="fault row flex-none" title="Inside a fault">
            <Glyph name="fault" size={11} />
            <span className="sr">inside a fault</span>
          </span>
        ) : null}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span
        role="gridcell"
        className="wf-bar"
        title={`${service} ${name}: ${formatNs(length)}, starts at ${formatNs(fromNs)}`}
        aria-label={`starts at ${formatNs(fromNs)}`}
      >
        <Bar {...props} failed={failed} />
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell" className="wf-time">
        {formatNs(length)}
      </span>
    </div>
  );
}

function Bar({ model, insight, span, times, fromNs, toNs, part, failed }: WfRowProps & { failed: boolean }) {
  const from = placeIn(part, fromNs);
  const to = placeIn(part, toNs);
  if (to < 0) return <span className="away">◂</span>;
  if (from > 1) return <span className="away right">▸</span>;
  const left = Math.max(0, from);
  const right = Math.min(1, to);
  return (
    <>
      <i
        className={cx(insight?.isAsync(span) && 'pale', times > 1 && 'many')}
        style={{ left: percent(left), width: percent(right - left), background: colorOf(model, span) }}
      />
      {times === 1
        ? insight
            ?.criticalIn(span, part)
            .map(([start, end]) => <u key={start} style={{ left: percent(start), width: percent(end - start) }} />)
        : null}
      {failed ? (
        <span
          className={cx('fail bad', right > 0.9 && 'before')}
          style={{ left: percent(right > 0.9 ? left : right) }}
          hidden={right > 0.9 && left < 0.05}
          aria-hidden="true"
        >
          ✕
        </span>
      ) : null}
    </>
  );
}

/** One row of the waterfall; drawn again only when something of it changed. */
export const WfRow = memo(Row);
