'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { LogLine } from '#lib/logs/schemas.ts';
import { cx } from '../ui/cx.ts';
import type { Zone } from '../ui/format-time.ts';
import { isTyping } from '../ui/is-typing.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { LineRow } from './line-row.tsx';

export interface LineListProps {
  lines: readonly LogLine[];
  isLoading: boolean;
  words: readonly string[];
  zone: Zone;
  withDay: boolean;
  isWrapped: boolean;
  openId: string | null;
  onOpen: (line: LogLine | null) => void;
  detail: (line: LogLine) => ReactNode;
  /** Says whether the newest lines are in view. */
  onAtTop: (isAtTop: boolean) => void;
  /** The end of the list comes into view. */
  onEnd: () => void;
  /** Stands above the rows while one has scrolled away from the newest. */
  above: ReactNode;
  /** Stands below the last row. */
  below: ReactNode;
  /** Another search begins at the top. */
  searchKey: string;
}

const rowHeight = 26;
const phone = '(max-width: 760px)';
const pageRows = 20;
const nearEnd = 30;

/** The lines, newest first: only those in view are drawn. j, k, arrows, Home, End and page keys move; Enter opens. */
export function LineList(props: LineListProps) {
  const {
    lines,
    isLoading,
    words,
    zone,
    withDay,
    isWrapped,
    openId,
    onOpen,
    detail,
    onAtTop,
    onEnd,
    above,
    below,
    searchKey,
  } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const count = lines.length;
  const isPhone = usePhone();
  const current = Math.min(active, Math.max(0, count - 1));
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 8,
  });

  const focusRow = (index: number) => {
    setActive(index);
    const find = () => scroll.current?.querySelector<HTMLElement>(`[data-row="${index}"]`);
    // The row and not its item, which may be open and taller than the view.
    const focus = () => {
      const row = find();
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
    };
    if (find()) return focus();
    virtualizer.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() => requestAnimationFrame(focus));
  };
  const toggle = (index: number) => {
    const line = lines[index];
    if (line) onOpen(line.id === openId ? null : line);
  };

  useFromAnywhere(scroll, count, () => focusRow(current));
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another search or way of drawing begins anew
  useEffect(() => {
    scroll.current?.scrollTo({ top: 0 });
    setActive(0);
    onAtTop(true);
  }, [searchKey]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have other heights then
  useEffect(() => virtualizer.measure(), [isWrapped, isPhone, openId]);

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (count > 0 && lastShown >= count - nearEnd) onEnd();
  }, [lastShown, count, onEnd]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === 'Escape' && openId !== null) {
      event.preventDefault();
      const index = lines.findIndex(({ id }) => id === openId);
      onOpen(null);
      if (index >= 0) focusRow(index);
      return;
    }
    if (!row || event.target !== row) return;
    const at = Number(row.dataset.row);
    const to = {
      j: at + 1,
      ArrowDown: at + 1,
      k: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: count - 1,
      PageDown: at + pageRows,
      PageUp: at - pageRows,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      focusRow(Math.max(0, Math.min(count - 1, to)));
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      toggle(at);
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      event.preventDefault();
      if ((event.key === 'ArrowRight') !== (lines[at]?.id === openId)) toggle(at);
    }
  };
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    if (!row || window.getSelection()?.toString()) return;
    setActive(Number(row.dataset.row));
    toggle(Number(row.dataset.row));
  };

  return (
    <div className="log-list">
      {above}
      <div
        ref={scroll}
        className={cx('scroll', isWrapped && 'wrapped', withDay && 'with-day')}
        tabIndex={-1}
        onScroll={({ currentTarget }) => onAtTop(currentTarget.scrollTop < 8)}
      >
        {isLoading ? <SkeletonRows /> : null}
        <div
          role="treegrid"
          aria-label="Lines, the newest first"
          aria-rowcount={count}
          aria-busy={count === 0}
          style={{ height: virtualizer.getTotalSize(), position: 'relative' }}
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          {items.map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            const isOpen = line.id === openId;
            return (
              <div
                key={item.key}
                ref={isOpen || isWrapped || isPhone ? virtualizer.measureElement : undefined}
                data-index={item.index}
                role="presentation"
                className={cx('log-item', isOpen && 'open')}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LineRow
                  line={line}
                  index={item.index}
                  words={words}
                  zone={zone}
                  withDay={withDay}
                  isOpen={isOpen}
                  isActive={item.index === current}
                />
                {isOpen ? (
                  // biome-ignore lint/a11y/useSemanticElements: see the list
                  // biome-ignore lint/a11y/useFocusableInteractive: what is in it has the focus
                  <div role="row" aria-level={2}>
                    {/* biome-ignore lint/a11y/useSemanticElements: see the list */}
                    {/* biome-ignore lint/a11y/useFocusableInteractive: what is in it has the focus */}
                    <div role="gridcell">{detail(line)}</div>
                  </div>
                ) : null}
              </div>
            );
          })}
        </div>
        {below}
      </div>
    </div>
  );
}

function SkeletonRows() {
  return Array.from({ length: 14 }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows of skeleton have nothing else
    <div key={index} className="log-row" role="presentation">
      <Skeleton />
      <Skeleton width={50} />
      <Skeleton width={70} />
      <Skeleton width={`${40 + ((index * 37) % 50)}%`} />
    </div>
  ));
}

/** Whether rows take two lines of text: then, as when wrapped or open, they have to be measured. */
function usePhone(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(phone);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => matchMedia(phone).matches,
    () => false,
  );
}

/** j and k lead into the list from anywhere on the page. */
function useFromAnywhere(box: React.RefObject<HTMLElement | null>, count: number, enter: () => void): void {
  const go = useRef(enter);
  go.current = enter;
  useEffect(() => {
    if (count === 0) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if ((event.key !== 'j' && event.key !== 'k') || box.current?.contains(document.activeElement)) return;
      if (document.querySelector('[role=dialog], [role=menu]')) return;
      event.preventDefault();
      go.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [box, count]);
}
