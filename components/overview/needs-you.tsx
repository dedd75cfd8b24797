'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import type { Alert } from '#lib/alerts/schemas.ts';
import { changeOf } from '#lib/facts/change-queries.ts';
import { overviewQuery } from '#lib/overview/queries.ts';
import { useTimeRange } from '../charts/time-range.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';
import { Badge } from '../ui/pill.tsx';
import { NeedItem } from './need-item.tsx';
import { firingOf } from './need-words.ts';
import { needs } from './needs.ts';
import { useNeedKeys } from './use-need-keys.ts';

export interface NeedsYouProps {
  /** Takes alerts in passing. */
  onAcknowledge: (alerts: readonly Alert[]) => void;
  /** Fingerprints of those under way. */
  busy: ReadonlySet<string>;
  /** Why one may not acknowledge; null where one may. */
  refusal: string | null;
}

/** What waits for a person, with its verb beside it. Absent when nothing does. */
export function NeedsYou({ onAcknowledge, busy, refusal }: NeedsYouProps) {
  const { current } = useEnvironment();
  const { zone } = useTimeRange();
  const { data } = useQuery(overviewQuery(current.name));
  const found = useMemo(() => (data ? needs(data, data.changes.map(changeOf)) : []), [data]);
  const box = useRef<HTMLUListElement>(null);
  useNeedKeys({ box, found, refusal, onAcknowledge: (need) => onAcknowledge(firingOf(need)) });
  if (found.length === 0) return null;
  const firing = found.some((need) => firingOf(need).length > 0);
  const loud = found.some((need) => !('quiet' in need && need.quiet));
  const more = data?.alerts?.more ?? 0;
  return (
    <Panel
      title="Needs you now"
      meta={<Badge count={found.length} label="things" />}
      edge={loud ? 'bad' : undefined}
      actions={
        firing ? (
          <span className="faint hide-s text-sm nowrap">
            <Kbd>j</Kbd> <Kbd>k</Kbd> move · <Kbd>a</Kbd> acknowledge
          </span>
        ) : undefined
      }
      flush
    >
      <ul ref={box} aria-label="Needs you now">
        {found.map((need, index) => (
          <NeedItem
            key={need.id}
            need={need}
            zone={zone}
            first={index === 0}
            busy={firingOf(need).some(({ fingerprint }) => busy.has(fingerprint))}
            refusal={refusal}
            onAcknowledge={onAcknowledge}
          />
        ))}
      </ul>
      {more > 0 ? (
        <p className="faint border-t border-line px-3 py-2">
          {more === 1 ? 'One more alert is held.' : `${more.toLocaleString('en')} more alerts are held.`}{' '}
          <Link href="/alerts" className="link">
            See all
          </Link>
        </p>
      ) : null}
    </Panel>
  );
}
