'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { silencePreviewQuery } from '#lib/alerts/queries.ts';
import type { Alert } from '#lib/alerts/schemas.ts';
import { alertTitle, windowsOf } from '#lib/alerts/title-rules.ts';
import { Age } from '../ui/age.tsx';
import { Note } from '../ui/note.tsx';
import { Status } from '../ui/status.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { type Matcher, matcherProblem, matches, matchesEverything } from './matchers.ts';
import { alertLook } from './words.ts';

export interface SilencePreviewProps {
  matchers: readonly Matcher[];
  /** Alerts that are held now; undefined while they are not known. */
  alerts: readonly Alert[] | undefined;
  environment: string;
}

const ofEnvironment = /(^|_)env(ironment)?(_|$)/;

/** What a silence would quiet now, by Alertmanager's own word where it answers, and what of it one may not want. */
export function SilencePreview({ matchers, alerts, environment }: SilencePreviewProps) {
  const written = useSettled(JSON.stringify(matchers));
  const asked = useMemo(() => JSON.parse(written) as Matcher[], [written]);
  const isWhole = asked.length > 0 && asked.every((one) => matcherProblem(one) === null && one.value !== '');
  const answer = useQuery({ ...silencePreviewQuery(asked), enabled: isWhole });
  if (!alerts) return <p className="faint">What it would quiet is not known yet.</p>;
  const named = answer.data && isWhole ? new Set(answer.data.alerts) : null;
  const quieted = alerts.filter(({ id, labels }) => (named ? named.has(id) : matches(matchers, labels)));
  // Of other environments, and what is not kept here.
  const elsewhere = named ? Math.max(0, (answer.data?.matched ?? 0) - quieted.length) : 0;
  const hushesWatchdog = matches(matchers, { alertname: 'Watchdog', severity: 'none' });
  return (
    <div className="grid gap-2">
      <p aria-live="polite">
        {quieted.length === 0 ? (
          <>
            <b>Quiets nothing now</b>{' '}
            <span className="dim">
              of {heldWord(alerts.length)} in {environment}; it holds for what comes.
            </span>
          </>
        ) : (
          <>
            <b>Quiets {quieted.length} now</b>{' '}
            <span className="dim">
              of {heldWord(alerts.length)} in {environment}.
            </span>
          </>
        )}
        {elsewhere > 0 ? <span className="warn"> And {elsewhere} that Alertmanager holds elsewhere.</span> : null}
        {answer.isError ? <span className="faint"> Reckoned here: Alertmanager was not asked.</span> : null}
      </p>
      {quieted.length > 0 ? (
        <ul className="alert-preview" aria-label="Alerts that it quiets now">
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
        <Note tone="bad">It fits every alert there is: nobody would be paged about anything. It will be refused.</Note>
      ) : named && answer.data?.problem ? (
        <Note tone="bad">It will be refused: {answer.data.problem}.</Note>
      ) : hushesWatchdog ? (
        <Note tone="bad">It quiets the Watchdog too: nobody would notice when pages stop arriving.</Note>
      ) : matchers.some(({ name }) => ofEnvironment.test(name)) ? null : (
        <p className="faint text-sm">Without a label of the environment it quiets alerts of every environment.</p>
      )}
    </div>
  );
}

const heldWord = (count: number) => (count === 1 ? 'the 1 alert that is held' : `${count} alerts that are held`);
