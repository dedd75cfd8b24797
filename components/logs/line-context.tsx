'use client';
import { useQuery } from '@tanstack/react-query';
import { logContextQuery } from '#lib/logs/queries.ts';
import type { LogLine } from '#lib/logs/schemas.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import type { Zone } from '../ui/format-time.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { LevelWord } from './level-word.tsx';
import { formatLineTime } from './log-time.ts';
import { mostAround } from './logs-url.ts';

export interface LineContextProps {
  env: string;
  line: Pick<LogLine, 'id' | 'timeNs' | 'service'>;
  /** So many before and after it. */
  count: number;
  zone: Zone;
  onCount: (count: number) => void;
}

/** The lines before and after one, of the same service and instance, the newest first like the list round it. */
export function LineContext({ env, line, count, zone, onCount }: LineContextProps) {
  const query = useQuery(
    logContextQuery({ env, id: line.id, timeNs: line.timeNs, service: line.service, before: count, after: count }),
  );
  const items = query.data ? [...query.data.items].reverse() : [];
  return (
    <section className="log-context" aria-label="Lines around">
      <div className="row wrap">
        <h3 className="grow">Around it, same service and instance</h3>
        {count < mostAround ? (
          <Button size="sm" onClick={() => onCount(Math.min(mostAround, count * 2))}>
            More
          </Button>
        ) : (
          <span className="faint text-sm">{mostAround} on each side at most</span>
        )}
      </div>
      {query.isPending ? <Skeleton height={Math.min(count, 10) * 20} /> : null}
      {query.isError ? (
        <p className="bad" role="alert">
          {query.error.message}
        </p>
      ) : null}
      {query.data ? (
        <ol>
          {items.map((one) => (
            <li key={one.id} className={cx(one.id === line.id && 'focus')}>
              <span className="mono faint">{formatLineTime(one.timeNs, zone, false)}</span>
              <LevelWord level={one.level} />
              <span className="mono">
                {one.body}
                {one.id === line.id ? <span className="sr"> (this line)</span> : null}
              </span>
            </li>
          ))}
        </ol>
      ) : null}
      {query.data && items.length === 1 ? <p className="faint">It wrote no other lines near it.</p> : null}
    </section>
  );
}
