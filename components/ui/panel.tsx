'use client';
import { type ReactNode, useId } from 'react';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { EmptyState } from './empty-state.tsx';
import { formatAge, formatSpan } from './format-time.ts';
import { type PanelState, showsContent } from './panel-state.ts';
import { Skeleton } from './skeleton.tsx';
import { Status } from './status.tsx';
import { useNow } from './use-now.ts';

export interface PanelProps {
  title?: ReactNode;
  /** The figure of the moment, beside the title. */
  figure?: ReactNode;
  /** What the figure or the title means, quieter. */
  meta?: ReactNode;
  /** At the right end of the header. */
  actions?: ReactNode;
  /** At the right end of the header while all is well; the panel's own state takes its place otherwise. */
  status?: ReactNode;
  state?: PanelState;
  /** Least height of the body in pixels: the same in every state, so that nothing moves. */
  bodyHeight?: number;
  /** No padding round the content, for tables. */
  flush?: boolean;
  edge?: 'bad' | 'warn' | 'fault';
  className?: string;
  children?: ReactNode;
}

const ok: PanelState = { kind: 'ok' };

/** A box round things that belong together, with every state in which its content can be. */
export function Panel({
  title,
  figure,
  meta,
  actions,
  status,
  state = ok,
  bodyHeight,
  flush,
  edge,
  className,
  children,
}: PanelProps) {
  const id = useId();
  const word = stateWord(state) ?? status;
  const hasHeader = title !== undefined || actions !== undefined || word !== undefined;
  return (
    <section
      className={cx('panel', edge && `edge-${edge}`, className)}
      aria-labelledby={title === undefined ? undefined : id}
      aria-busy={state.kind === 'loading' || undefined}
      data-state={state.kind}
    >
      {hasHeader ? (
        <header>
          {title === undefined ? null : <h2 id={id}>{title}</h2>}
          {figure === undefined ? null : <b className="num">{figure}</b>}
          {meta === undefined ? null : <span className="faint clip">{meta}</span>}
          <span className="spacer" />
          {word}
          {actions}
        </header>
      ) : null}
      <div
        className={cx('body', showsContent(state) ? flush && 'flush' : 'message', state.kind === 'stale' && 'stale')}
        style={{ minHeight: bodyHeight, paddingTop: hasHeader || flush ? undefined : 'var(--pad)' }}
      >
        {showsContent(state) ? children : <PanelMessage state={state} />}
      </div>
    </section>
  );
}

function stateWord(state: PanelState): ReactNode {
  switch (state.kind) {
    case 'ok':
      return undefined;
    case 'loading':
      return <span className="faint">loading</span>;
    case 'empty':
      return <span className="faint">empty</span>;
    case 'noTraffic':
      return <Status state="idle" />;
    case 'noData':
      return <Status state="nodata" />;
    case 'stale':
      return <StaleWord asOf={state.asOf} />;
    case 'partial':
      return <Status state="warns" word={state.word} />;
    case 'sourceDown':
      return <Status state="failing" word="source down" />;
    case 'notPermitted':
      return <Status state="notPermitted" />;
  }
}

function StaleWord({ asOf }: { asOf: number }) {
  const now = useNow();
  return <Status state="late" word={now === null ? 'stale' : `stale, ${formatAge(now - asOf)}`} />;
}

function PanelMessage({ state }: { state: PanelState }) {
  switch (state.kind) {
    case 'loading':
      return (
        <>
          <Skeleton width="40%" />
          <Skeleton height={66} />
        </>
      );
    case 'noTraffic':
      return (
        <EmptyState
          title={state.title ?? 'No traffic'}
          hint={state.hint ?? '0 requests/s is measured, not missing. Ratios and percentiles have no meaning.'}
        />
      );
    case 'noData':
      return <EmptyState title={state.title ?? 'No data'} hint={state.hint} action={state.action} />;
    case 'sourceDown':
      return <SourceDown state={state} />;
    case 'empty':
    case 'notPermitted':
      return <EmptyState title={state.title} hint={state.hint} action={state.action} />;
    default:
      return null;
  }
}

function SourceDown({ state }: { state: Extract<PanelState, { kind: 'sourceDown' }> }) {
  const now = useNow();
  const since = state.since !== undefined && now !== null ? ` for ${formatSpan(now - state.since)}` : '';
  const next = state.nextTryAt !== undefined && now !== null && state.nextTryAt > now;
  return (
    <EmptyState
      title={`${state.source} does not answer`}
      hint={
        <>
          {typeof state.reason === 'string' ? state.reason.replace(/\.$/, '') : state.reason}
          {since}
          {next ? `; next try in ${formatSpan((state.nextTryAt ?? 0) - now)}` : ''}.
        </>
      }
      action={
        state.onRetry ? (
          <Button size="sm" onClick={state.onRetry}>
            Try again
          </Button>
        ) : null
      }
    />
  );
}
