'use client';
import type { ReactNode } from 'react';
import type { Alert } from '#lib/alerts/schemas.ts';
import { Age } from '../ui/age.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import type { Zone } from '../ui/format-time.ts';
import { Link } from '../ui/link.tsx';
import { Status } from '../ui/status.tsx';
import { firingOf, leadsOf, needHref, needLook, needTitle, serviceSentence, windowsWord } from './need-words.ts';
import type { Need } from './needs.ts';

export interface NeedItemProps {
  need: Need;
  zone: Zone;
  first: boolean;
  busy: boolean;
  refusal: string | null;
  onAcknowledge: (alerts: readonly Alert[]) => void;
}

const verbs: Record<Need['kind'], string> = {
  source: 'See sources',
  blind: 'See sources',
  watchdog: 'See alerts',
  service: 'Open',
  alert: 'Open',
};

/** One thing that waits for a person: what it is, what it says, and the next step beside it. */
export function NeedItem({ need, zone, first, busy, refusal, onAcknowledge }: NeedItemProps) {
  const firing = firingOf(need);
  const title = needTitle(need);
  const quiet = 'quiet' in need && need.quiet;
  const href = needHref(need);
  const takes = firing.length > 0;
  return (
    <li className="item has-[[data-need]:focus-visible]:bg-sunk">
      <div className="min-w-0">
        <div className="row wrap gap-y-0">
          <Status {...needLook(need)} />
          <Link
            href={href}
            data-need={need.id}
            className={cx('min-w-0 [overflow-wrap:anywhere]', quiet ? 'dim font-[520]' : 'font-semibold')}
          >
            {title}
          </Link>
          <Side need={need} />
        </div>
        <div className="dim mt-px max-w-[130ch] [overflow-wrap:anywhere]">
          <Sentence need={need} zone={zone} />
        </div>
      </div>
      <div className="row">
        {takes ? (
          <Button
            variant={first ? 'primary' : 'default'}
            busy={busy}
            disabled={refusal !== null}
            title={refusal ?? undefined}
            onClick={() => onAcknowledge(firing)}
          >
            Acknowledge
            <span className="sr"> {title}</span>
          </Button>
        ) : null}
        <Link href={href} className={buttonClass({ variant: first && !takes && !quiet ? 'primary' : 'default' })}>
          {verbs[need.kind]}
          <span className="sr"> {title}</span>
        </Link>
      </div>
    </li>
  );
}

/** Since when, over which windows, and who has it. */
function Side({ need }: { need: Need }) {
  if (need.kind !== 'service' && need.kind !== 'alert') return null;
  const { alerts } = need;
  const [lead] = alerts;
  if (!lead) return null;
  const began = Math.min(...alerts.map(({ startsAt }) => Date.parse(startsAt)));
  const taken = alerts.find(({ acknowledged }) => acknowledged !== null)?.acknowledged;
  const windows = windowsWord(alerts);
  return (
    <span className="faint">
      <Age at={began} suffix="" />
      {windows ? ` · ${windows}` : ''}
      {need.quiet ? ` · acknowledged${taken ? ` by ${taken.by.name}` : ''}` : ''}
    </span>
  );
}

function Sentence({ need, zone }: { need: Need; zone: Zone }): ReactNode {
  switch (need.kind) {
    case 'source': {
      const { failingSince, lastError, usedFor } = need.source;
      return <Down since={failingSince} reason={lastError ?? 'no reason was given'} without={lowerFirst(usedFor)} />;
    }
    case 'blind':
      return <Down since={need.since} reason={need.reason} without="the figures of every service" />;
    case 'watchdog': {
      const { lastSeenAt, detail } = need.watchdog;
      return (
        <>
          {lastSeenAt ? (
            <>
              last seen <Age at={lastSeenAt} />.{' '}
            </>
          ) : null}
          It is an alert that always fires: a page may not reach anybody now. {detail}
        </>
      );
    }
    case 'service':
      return (
        <>
          {serviceSentence(need, zone)}
          {need.alerts.length > 0 ? <Summaries alerts={need.alerts} /> : null}
        </>
      );
    case 'alert':
      return <Summaries alerts={need.alerts} />;
  }
}

const most = 2;

/** What the alerts say, one sentence for each SLO. */
function Summaries({ alerts }: { alerts: readonly Alert[] }) {
  const said = leadsOf(alerts).filter(({ summary, name }) => summary && summary !== name);
  return (
    <>
      {said.slice(0, most).map(({ id, summary }) => (
        <span key={id} className="line-clamp-3">
          {summary}
        </span>
      ))}
      {said.length > most ? <span className="faint">and {said.length - most} more</span> : null}
    </>
  );
}

function Down({ since, reason, without }: { since: string | null; reason: string; without: string }) {
  return (
    <>
      {since ? (
        <>
          for <Age at={since} suffix="" />:{' '}
        </>
      ) : null}
      {reason.replace(/\.$/, '')}. Without it: {without}.
    </>
  );
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
