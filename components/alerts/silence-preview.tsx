'use client';
import type { Alert } from '#lib/alerts/schemas.ts';
import { Age } from '../ui/age.tsx';
import { Note } from '../ui/note.tsx';
import { Status } from '../ui/status.tsx';
import { type Matcher, matches, matchesEverything } from './matchers.ts';
import { alertLook, alertTitle, windowsOf } from './words.ts';

export interface SilencePreviewProps {
  matchers: readonly Matcher[];
  /** Alerts that are held now; undefined while they are not known. */
  alerts: readonly Alert[] | undefined;
  environment: string;
}

const ofEnvironment = /(^|_)env(ironment)?(_|$)/;

/** What a silence would quiet now, and what of it one may not want. */
export function SilencePreview({ matchers, alerts, environment }: SilencePreviewProps) {
  if (!alerts) return <p className="faint">What it would quiet is not known yet.</p>;
  const quieted = alerts.filter(({ labels }) => matches(matchers, labels));
  const hushesWatchdog = matches(matchers, { alertname: 'Watchdog', severity: 'none' });
  return (
    <div className="grid gap-2">
      <p aria-live="polite">
        {quieted.length === 0 ? (
          <>
            <b>Quiets nothing now</b>{' '}
            <span className="dim">of {heldWord(alerts.length)}; it holds for what comes.</span>
          </>
        ) : (
          <>
            <b>Quiets {quieted.length} now</b>{' '}
            <span className="dim">
              of {heldWord(alerts.length)} in {environment}.
            </span>
          </>
        )}
      </p>
      {quieted.length > 0 ? (
        <ul
          className="alert-preview"
          aria-label="Alerts that it quiets now"
          tabIndex={quieted.length > 5 ? 0 : undefined}
        >
          {quieted.slice(0, 100).map((alert) => (
            <li key={alert.id}>
              <Status {...alertLook(alert)} />
              <span className="grow [overflow-wrap:anywhere]">
                {alertTitle(alert)} <span className="faint">{windowsOf(alert)}</span>
              </span>
              <span className="faint nowrap">
                <Age at={alert.startsAt} suffix="" />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {matchesEverything(matchers) ? (
        <Note tone="bad">It fits every alert there is: nobody would be paged about anything.</Note>
      ) : hushesWatchdog ? (
        <Note tone="bad">It quiets the Watchdog too: nobody would notice when pages stop arriving.</Note>
      ) : matchers.some(({ name }) => ofEnvironment.test(name)) ? null : (
        <p className="faint text-sm">Without a label of the environment it quiets alerts of every environment.</p>
      )}
    </div>
  );
}

const heldWord = (count: number) => (count === 1 ? 'the 1 alert that is held' : `${count} alerts that are held`);
