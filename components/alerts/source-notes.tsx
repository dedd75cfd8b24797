'use client';
import type { ReactNode } from 'react';
import type { AlertList } from '#lib/alerts/schemas.ts';
import { Age } from '../ui/age.tsx';
import { Link } from '../ui/link.tsx';
import { Note } from '../ui/note.tsx';

type Source = Pick<AlertList, 'watchdog' | 'alertmanager'>;

/** What is to be known before an empty list of alerts is believed: no watchdog, no Alertmanager, a member down. */
export function SourceNotes({ watchdog, alertmanager }: Source) {
  return (
    <>
      <WatchdogNote watchdog={watchdog} />
      <AlertmanagerNote alertmanager={alertmanager} />
    </>
  );
}

const Sources = () => (
  <Link href="/settings/sources" className="link">
    Data sources
  </Link>
);

/** The alert that always fires is missing: so might be any other. */
export function WatchdogNote({ watchdog: { state, lastSeenAt, detail } }: Pick<Source, 'watchdog'>) {
  if (state === 'ok') return null;
  if (state === 'unknown') {
    return (
      <Note tone="unknown">
        <b>No Watchdog has been seen yet.</b> {sentence(detail)} It is an alert that always fires: as long as it
        arrives, pages can arrive too.
      </Note>
    );
  }
  return (
    <Note tone="bad" live>
      <b>
        The Watchdog does not arrive
        {lastSeenAt ? (
          <>
            : last seen <Age at={lastSeenAt} />
          </>
        ) : null}
        .
      </b>{' '}
      It is an alert that always fires, so a page may not reach anybody now, and this list may miss some.{' '}
      {sentence(detail)} See whether Prometheus evaluates its rules and reaches Alertmanager: <Sources />.
    </Note>
  );
}

function AlertmanagerNote({ alertmanager }: Pick<Source, 'alertmanager'>): ReactNode {
  const { state, failingSince, lastReconciledAt, detail, members } = alertmanager;
  if (state === 'not_configured') {
    return (
      <Note tone="unknown">
        <b>No Alertmanager is configured.</b> Alerts that it sends to the webhook are shown, but what is silenced or
        inhibited is not known, and silences cannot be made here. <Sources />.
      </Note>
    );
  }
  if (state === 'failing') {
    return (
      <Note tone="bad" live>
        <b>
          Alertmanager does not answer
          {failingSince ? (
            <>
              {' '}
              for <Age at={failingSince} suffix="" />
            </>
          ) : null}
          .
        </b>{' '}
        {sentence(detail)} The alerts are as last heard{lastReconciledAt ? <Ago at={lastReconciledAt} /> : null}.
        Acknowledging works; silencing does not until it answers. <Sources />.
      </Note>
    );
  }
  const down = members.filter((member) => member.state === 'failing');
  if (down.length === 0) return null;
  return (
    <Note>
      <b>
        {down.length} of {members.length} members of Alertmanager {down.length === 1 ? 'does' : 'do'} not answer:
      </b>{' '}
      {down.map(({ name, error }) => (error ? `${name} (${error})` : name)).join(', ')}. The others hold the same alerts
      and silences.
    </Note>
  );
}

const Ago = ({ at }: { at: string }) => (
  <>
    , <Age at={at} />
  </>
);

/** With a full stop, once. */
const sentence = (text: string | null) => (text ? `${text.replace(/\.$/, '')}.` : '');
