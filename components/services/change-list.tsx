'use client';
import type { Change } from '#lib/facts/change-queries.ts';
import { markerLook } from '../charts/markers.ts';
import { Age } from '../ui/age.tsx';
import { formatDateTime, type Zone } from '../ui/format-time.ts';
import { Glyph } from '../ui/glyph.tsx';
import { ExternalLink, Link } from '../ui/link.tsx';

const row = [
  'flex flex-wrap items-baseline gap-x-3 border-t border-line px-3 py-[6px]',
  '@min-[760px]:grid @min-[760px]:grid-cols-[96px_76px_minmax(0,1fr)_minmax(0,200px)_88px_36px]',
].join(' ');

export interface ChangeListProps {
  /** Newest first. */
  changes: readonly Change[];
  zone: Zone;
  /** Names the services of each change; left out on the page of one service. */
  withServices?: boolean;
}

/** What changed: when, what, who. */
export function ChangeList({ changes, zone, withServices }: ChangeListProps) {
  return (
    <ol className="@container max-h-[320px] overflow-auto" aria-label="Changes, newest first">
      {changes.map((change) => (
        <li key={change.id} className={row}>
          <span className="nowrap dim" title={formatDateTime(change.startAt, zone)}>
            {formatDateTime(change.startAt, zone, false)}
          </span>
          <span
            className="inline-flex items-baseline gap-[6px]"
            style={{ color: `var(${markerLook(change.kind).color})` }}
          >
            <Glyph name={markerLook(change.kind).glyph} size={11} />
            {change.kind}
          </span>
          <span className="min-w-0 grow basis-[220px] [overflow-wrap:anywhere]">
            {change.title}
            {withServices ? (
              <span className="dim">
                {change.services
                  .filter((name) => !change.title.includes(name))
                  .map((name, i) => (
                    <span key={name}>
                      {i === 0 ? ' · ' : ', '}
                      <Link href={`/services/${encodeURIComponent(name)}`} className="link">
                        {name}
                      </Link>
                    </span>
                  ))}
              </span>
            ) : null}
            {change.detail ? <span className="block dim">{change.detail}</span> : null}
          </span>
          <span className="dim clip" title={change.who}>
            by {change.who}
          </span>
          <span className="faint nowrap @min-[760px]:text-right">
            <Age at={change.startAt} />
          </span>
          <span className="text-sm">{change.href ? <ExternalLink href={change.href}>Open</ExternalLink> : null}</span>
        </li>
      ))}
    </ol>
  );
}
