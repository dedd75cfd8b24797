'use client';
import type { Alert, Silence } from '#lib/alerts/schemas.ts';
import { alertTitle } from '#lib/alerts/title-rules.ts';
import { createSilence, expireSilence } from '#lib/alerts/verbs.ts';
import { useTimeRange } from '../charts/time-range.tsx';
import { useRefusal } from '../shell/viewer.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { formatDateTime, formatSpan } from '../ui/format-time.ts';
import { Link } from '../ui/link.tsx';
import { Status } from '../ui/status.tsx';
import { useNow } from '../ui/use-now.ts';
import { formatMatchers, type Matcher } from './matchers.ts';
import { alertHref } from './words.ts';

export interface SilenceRowProps {
  silence: Silence;
  /** Alerts that are held now, by id. */
  alerts: ReadonlyMap<string, Alert>;
  onEnd: (silence: Silence) => void;
  /** Opens the dialog with the same conditions. */
  onAgain: (matchers: readonly Matcher[]) => void;
}

const looks = {
  active: { state: 'notPermitted', word: 'in force', tone: 'info' },
  pending: { state: 'waiting', word: 'to come' },
  expired: { state: 'idle', word: 'over' },
} as const;
const fewNamed = 3;

/** One silence: its conditions, who made it and why, until when, and what it quiets now. */
export function SilenceRow({ silence, alerts, onEnd, onAgain }: SilenceRowProps) {
  const { state, matchers, reason, createdBy } = silence;
  const refusal = useRefusal(expireSilence);
  const createRefusal = useRefusal(createSilence);
  return (
    <li className={cx('silence', state === 'expired' && 'over')}>
      <div className="grid min-w-0 gap-1">
        <div className="matchers-text">
          <Status {...looks[state]} className="mr-1" />
          {matchers.map((matcher) => (
            <code key={formatMatchers([matcher])}>{formatMatchers([matcher])}</code>
          ))}
        </div>
        <p className="[overflow-wrap:anywhere]">{reason}</p>
        <p className="alert-meta">
          <span>by {createdBy}</span>
          <Until silence={silence} />
          {state === 'active' ? <Quiets silence={silence} alerts={alerts} /> : null}
        </p>
      </div>
      <div className="alert-acts">
        {state === 'expired' ? (
          <Button
            disabled={createRefusal !== null}
            title={createRefusal ?? undefined}
            onClick={() => onAgain(matchers)}
          >
            Again…
          </Button>
        ) : (
          <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => onEnd(silence)}>
            {state === 'pending' ? 'Drop…' : 'End now…'}
          </Button>
        )}
      </div>
    </li>
  );
}

function Until({ silence: { state, startsAt, endsAt } }: { silence: Silence }) {
  const { zone } = useTimeRange();
  const now = useNow(10_000);
  const at = (text: string) => formatDateTime(Date.parse(text), zone, false);
  const left = (text: string) => (now === null ? '' : formatSpan(Math.abs(Date.parse(text) - now)));
  if (state === 'pending') {
    return (
      <span>
        from {at(startsAt)} (in {left(startsAt)}) until {at(endsAt)}
      </span>
    );
  }
  return state === 'active' ? (
    <span>
      until {at(endsAt)}, <b className="font-[560]">{left(endsAt)} left</b>
    </span>
  ) : (
    <span>
      {at(startsAt)} until {at(endsAt)}
    </span>
  );
}

function Quiets({ silence: { alerts: ids }, alerts }: Pick<SilenceRowProps, 'silence' | 'alerts'>) {
  if (ids.length === 0) return <span>quiets nothing now</span>;
  const known = ids.flatMap((id) => alerts.get(id) ?? []);
  const named = known.slice(0, fewNamed);
  const others = ids.length - named.length;
  return (
    <span>
      quiets{' '}
      {named.map((alert, index) => (
        <span key={alert.id}>
          {index > 0 ? ', ' : ''}
          <Link href={alertHref(alert)} className="alert-link">
            {alertTitle(alert)}
          </Link>
        </span>
      ))}
      {named.length === 0
        ? `${ids.length} ${ids.length === 1 ? 'alert' : 'alerts'}`
        : others > 0
          ? ` and ${others} more`
          : ''}{' '}
      now
    </span>
  );
}
