'use client';
import type { Alert } from '#lib/alerts/schemas.ts';
import { alertTitle, windowsOf } from '#lib/alerts/title-rules.ts';
import { Age } from '../../ui/age.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { ExternalLink, Link } from '../../ui/link.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { Status } from '../../ui/status.tsx';
import { AlertActions, type AlertActionsProps } from '../alert-actions.tsx';
import { alertLook, evidenceLinks, serviceHref, sloHref, stateMeanings, stateWords } from '../words.ts';

export interface AlertHeaderProps extends Omit<AlertActionsProps, 'primary'> {
  state: PanelState;
}

/** What the alert says, since when, who has it, and the next step. */
export function AlertHeader({ alert, state, ...actions }: AlertHeaderProps) {
  const { summary, description, startsAt, resolvedAt, acknowledged, severity } = alert;
  const windows = windowsOf(alert);
  // Within reach of a thumb while there is a next step.
  const isLive = alert.state === 'firing' || alert.state === 'acknowledged';
  const edge = alert.state !== 'firing' ? undefined : severity === 'page' ? 'edge-bad' : 'edge-warn';
  return (
    <section className={cx('panel alert-head', edge)} aria-label="Alert">
      <div className="alert-head-in">
        <div className="grid min-w-0 gap-1">
          <div className="row wrap gap-y-0">
            <h1 className="min-w-0 [overflow-wrap:anywhere]">{alertTitle(alert)}</h1>
            <span title={stateMeanings[alert.state]}>
              <Status {...alertLook(alert)} />
            </span>
            {isLive ? (
              <span className="dim nowrap">
                {stateWords[alert.state]}, <Age at={startsAt} suffix="" />
              </span>
            ) : null}
            {resolvedAt ? (
              <span className="dim nowrap">
                ended <Age at={resolvedAt} />
              </span>
            ) : null}
            {windows ? (
              <span className="faint nowrap" title="Burn over both windows is above the threshold">
                {windows}
              </span>
            ) : null}
            {state.kind === 'stale' ? (
              <span className="warn nowrap">
                as of <Age at={state.asOf} />
              </span>
            ) : null}
          </div>
          <p className="max-w-[100ch] [overflow-wrap:anywhere]">{summary}</p>
          {description ? (
            <p className="dim max-w-[100ch] whitespace-pre-line [overflow-wrap:anywhere]">{description}</p>
          ) : null}
          {acknowledged ? (
            <p className="good [overflow-wrap:anywhere]">
              Acknowledged by {acknowledged.by.name} <Age at={acknowledged.at} />
              {acknowledged.note ? `: “${acknowledged.note}”` : ''}
            </p>
          ) : null}
          <Places alert={alert} />
        </div>
        <div className={isLive ? 'hide-s' : undefined}>
          <AlertActions alert={alert} {...actions} primary />
        </div>
      </div>
      {isLive ? (
        <div className="actbar">
          <AlertActions alert={alert} {...actions} primary />
        </div>
      ) : null}
    </section>
  );
}

/** Where to go on from here, in the order in which one does. */
function Places({ alert }: { alert: Alert }) {
  const { service, slo, runbookUrl } = alert;
  const links = evidenceLinks(alert);
  const places: [string, string][] = [
    ...(slo ? [[`SLO ${slo}`, sloHref(slo)] as [string, string]] : []),
    ...(service ? [[`Service ${service}`, serviceHref(service)] as [string, string]] : []),
    ...(links
      ? ([
          ['Failed traces of that time', links.failed],
          ['Logs of that time', links.logs],
        ] as [string, string][])
      : []),
  ];
  if (places.length === 0 && !runbookUrl) return null;
  return (
    <nav className="row wrap gap-2 pt-1" aria-label="Go on to">
      {runbookUrl ? <Runbook url={runbookUrl} /> : null}
      {places.map(([label, href]) => (
        <Link key={label} href={href} className={buttonClass({ size: 'sm' }, 'max-w-full [&]:overflow-hidden')}>
          <span className="clip">{label}</span>
        </Link>
      ))}
    </nav>
  );
}

function Runbook({ url }: { url: string }) {
  const look = buttonClass({ size: 'sm' });
  return url.startsWith('/') && !url.startsWith('//') ? (
    <Link href={url} className={look}>
      Runbook
    </Link>
  ) : (
    <ExternalLink href={url} className={look}>
      Runbook ↗
    </ExternalLink>
  );
}
