'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { changeOf } from '#lib/facts/change-queries.ts';
import { overviewQuery } from '#lib/overview/queries.ts';
import { useTimeRange } from '../charts/time-range.tsx';
import { Age } from '../ui/age.tsx';
import { buttonClass } from '../ui/button.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { formatClock, formatSpan, type Zone } from '../ui/format-time.ts';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';
import { Badge } from '../ui/pill.tsx';
import { Status } from '../ui/status.tsx';
import { type Need, needs } from './needs.ts';

/** What waits for a person, with its verb beside it. Absent when nothing does. */
export function NeedsYou() {
  const { current } = useEnvironment();
  const { zone } = useTimeRange();
  const { data } = useQuery(overviewQuery(current.name));
  const found = useMemo(() => (data ? needs(data, data.changes.map(changeOf)) : []), [data]);
  if (found.length === 0) return null;
  return (
    <Panel title="Needs you now" meta={<Badge count={found.length} label="things" />} edge="bad" flush>
      <ul aria-label="Needs you now">
        {found.map((need, i) => (
          <NeedItem key={need.id} need={need} zone={zone} first={i === 0} />
        ))}
      </ul>
    </Panel>
  );
}

function NeedItem({ need, zone, first }: { need: Need; zone: Zone; first: boolean }) {
  const { title, sentence, word, href, verb } = wordsOf(need, zone);
  return (
    <li className="item">
      <div className="min-w-0">
        <div className="row wrap gap-y-0">
          <Status state="failing" word={word} />
          <b className="min-w-0 [overflow-wrap:anywhere]">{title}</b>
        </div>
        <div className="dim mt-px [overflow-wrap:anywhere]">{sentence}</div>
      </div>
      <div className="row">
        <Link href={href} className={buttonClass({ variant: first ? 'primary' : 'default' })}>
          {verb}
          <span className="sr"> {title}</span>
        </Link>
      </div>
    </li>
  );
}

function wordsOf(need: Need, zone: Zone) {
  if (need.kind === 'source') {
    const { name, failingSince, lastError, usedFor } = need.source;
    return downWords(name, failingSince, lastError ?? 'no reason was given', lowerFirst(usedFor));
  }
  if (need.kind === 'blind') return downWords(need.name, need.since, need.reason, 'the figures of every service');
  const { service, since, after } = need;
  const parts = [
    service.reasons.join(' · '),
    since ? `since ${since.atLeast ? 'before ' : ''}${formatClock(since.atMs, zone)}` : '',
    after && since ? afterSentence(after.title, since.atMs - after.startAt) : '',
    service.owner ? `owner ${service.owner}` : '',
  ];
  return {
    word: 'failing',
    title: service.name,
    sentence: parts.filter(Boolean).join(' · '),
    href: `/services/${encodeURIComponent(service.name)}`,
    verb: 'Open',
  };
}

function downWords(name: string, since: string | null, reason: string, without: string) {
  return {
    word: 'source down',
    title: `${name} does not answer`,
    sentence: (
      <>
        {since ? (
          <>
            for <Age at={since} suffix="" />:{' '}
          </>
        ) : null}
        {reason.replace(/\.$/, '')}. Without it: {without}.
      </>
    ),
    href: '/settings/sources',
    verb: 'See sources',
  };
}

/** `4 min after “payment 4.2.0”`; right away where the two fall into one step. */
function afterSentence(title: string, afterMs: number): string {
  return afterMs < 60_000
    ? `right after “${title}”`
    : `${formatSpan(Math.round(afterMs / 60_000) * 60_000)} after “${title}”`;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
