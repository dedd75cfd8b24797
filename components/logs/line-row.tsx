'use client';
import { memo, type ReactNode } from 'react';
import type { LogLine } from '#lib/logs/schemas.ts';
import type { Zone } from '../ui/format-time.ts';
import { briefly } from './attribute-rows.ts';
import { highlight } from './highlight.ts';
import { LevelWord } from './level-word.tsx';
import { formatLineTime } from './log-time.ts';

export interface LineRowProps {
  line: LogLine;
  index: number;
  words: readonly string[];
  zone: Zone;
  withDay: boolean;
  isOpen: boolean;
  isActive: boolean;
}

const longestShown = 4_000;

/** One line of the list; clicks, keys and focus are heard by the list. */
export const LineRow = memo(function LineRow({ line, index, words, zone, withDay, isOpen, isActive }: LineRowProps) {
  const body = line.body.length > longestShown ? `${line.body.slice(0, longestShown)}…` : line.body;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows are drawn only where they are seen, which a table cannot
    <div
      role="row"
      className="log-row"
      data-row={index}
      data-level={line.level ?? 'none'}
      aria-rowindex={index + 1}
      aria-level={1}
      aria-expanded={isOpen}
      tabIndex={isActive ? 0 : -1}
    >
      <Cell className="time mono">{formatLineTime(line.timeNs, zone, withDay)}</Cell>
      <Cell>
        <LevelWord level={line.level} />
      </Cell>
      <Cell className="service clip">{line.service}</Cell>
      <Cell className="text mono">
        {highlight(body, words).map((piece, at) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have nothing else
          piece.isHit ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
        )}
        {briefly(line.attributes, body).map(({ key, text }) => (
          <span key={key} className="brief">
            {' '}
            {key}=<b>{text}</b>
          </span>
        ))}
      </Cell>
    </div>
  );
});

function Cell({ className, children }: { className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the row
    // biome-ignore lint/a11y/useFocusableInteractive: the row has the focus
    <div role="gridcell" className={className}>
      {children}
    </div>
  );
}
