'use client';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Alert } from '#lib/alerts/schemas.ts';
import { acknowledgeAlert } from '#lib/alerts/verbs.ts';
import { useRefusal } from '../shell/viewer.tsx';
import { Button } from '../ui/button.tsx';
import { AlertRow, type AlertRowProps } from './alert-row.tsx';
import { type Entry, groupTitle } from './arrange.ts';
import { useRowMoves } from './use-row-moves.ts';

export interface AlertListProps extends Omit<AlertRowProps, 'alert' | 'grouped'> {
  entries: readonly Entry[];
  label: string;
  /** The alert on which the keys act; null once none is chosen. */
  onActive: (alert: Alert | null) => void;
  /** The end of the list comes into view. */
  onEnd?: () => void;
}

/** More lines than these are drawn only where they are seen. */
const virtualFrom = 80;
const usualHeight = 76;
const nearEnd = 20;

/** Alerts one below the other, in the order in which they are given. j and k move, Enter opens. */
export function AlertList({ entries, label, onActive, onEnd, ...row }: AlertListProps) {
  const box = useRef<HTMLUListElement>(null);
  const scrollTo = useRef<((index: number) => void) | null>(null);
  useRowMoves({ box, entries, scrollTo, onActive });
  const draw = (entry: Entry) =>
    entry.kind === 'group' ? (
      <GroupHead entry={entry} acknowledging={row.acknowledging} />
    ) : (
      <AlertRow alert={entry.alert} grouped={entry.grouped} {...row} />
    );
  if (entries.length > virtualFrom) {
    return <VirtualLines box={box} entries={entries} label={label} draw={draw} scrollTo={scrollTo} onEnd={onEnd} />;
  }
  return (
    <ul ref={box} aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.id} className="alert-item">
          {draw(entry)}
        </li>
      ))}
    </ul>
  );
}

interface VirtualLinesProps extends Pick<AlertListProps, 'entries' | 'label' | 'onEnd'> {
  box: RefObject<HTMLUListElement | null>;
  draw: (entry: Entry) => ReactNode;
  scrollTo: RefObject<((index: number) => void) | null>;
}

/** The lines in view; the page itself scrolls, so that a phone has one scroll only. */
function VirtualLines({ box, entries, label, draw, scrollTo, onEnd }: VirtualLinesProps) {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    if (box.current) setOffset(box.current.getBoundingClientRect().top + window.scrollY);
  }, [box]);
  const virtualizer = useWindowVirtualizer({
    count: entries.length,
    estimateSize: () => usualHeight,
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: 8,
    scrollMargin: offset,
  });
  useEffect(() => {
    scrollTo.current = (index) => virtualizer.scrollToIndex(index, { align: 'auto' });
    return () => {
      scrollTo.current = null;
    };
  }, [virtualizer, scrollTo]);
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= entries.length - nearEnd) onEnd?.();
  }, [last, entries.length, onEnd]);
  return (
    <ul ref={box} aria-label={label} className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {items.map((item) => {
        const entry = entries[item.index];
        if (!entry) return null;
        return (
          <li
            key={item.key}
            ref={virtualizer.measureElement}
            data-index={item.index}
            className="alert-item absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - offset}px)` }}
            aria-setsize={entries.length}
            aria-posinset={item.index + 1}
          >
            {draw(entry)}
          </li>
        );
      })}
    </ul>
  );
}

function GroupHead({
  entry: { group, alerts },
  acknowledging: { acknowledge, busy },
}: { entry: Entry & { kind: 'group' } } & Pick<AlertListProps, 'acknowledging'>) {
  const refusal = useRefusal(acknowledgeAlert);
  const firing = alerts.filter(({ state }) => state === 'firing');
  return (
    <div className="alert-group">
      <h3>{groupTitle(group)}</h3>
      <span className="faint">
        {alerts.length} alerts, told to {group.receiver} together
      </span>
      <span className="grow" />
      {firing.length > 1 ? (
        <Button
          size="sm"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          busy={firing.some(({ fingerprint }) => busy.has(fingerprint))}
          onClick={() => void acknowledge(firing)}
        >
          Acknowledge all {firing.length}
        </Button>
      ) : null}
    </div>
  );
}
