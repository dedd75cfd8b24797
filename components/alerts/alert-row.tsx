'use client';
import { memo } from 'react';
import type { Alert } from '#lib/alerts/schemas.ts';
import { alertTitle, windowsOf } from '#lib/alerts/title-rules.ts';
import { Age } from '../ui/age.tsx';
import { cx } from '../ui/cx.ts';
import { Glyph } from '../ui/glyph.tsx';
import { ExternalLink, Link } from '../ui/link.tsx';
import { Status } from '../ui/status.tsx';
import { AlertActions, type AlertActionsProps } from './alert-actions.tsx';
import { alertHref, alertLook, evidenceLinks, serviceHref, sloHref, stateMeanings } from './words.ts';

export interface AlertRowProps extends Omit<AlertActionsProps, 'alert'> {
  alert: Alert;
  /** Stands under the heading of its group. */
  grouped?: boolean;
  /** Left out where the place says it already. */
  without?: readonly ('service' | 'slo')[];
}

/** One alert: what it is as shape and word, what it says, since when, who has it, and what to do about it. */
export const AlertRow = memo(function AlertRow({ alert, grouped, without = [], ...actions }: AlertRowProps) {
  const { state, severity, summary, startsAt, resolvedAt } = alert;
  const title = alertTitle(alert);
  const windows = windowsOf(alert);
  const quiet = state !== 'firing';
  return (
    <div className={cx('alert-row', grouped && 'grouped', quiet && 'quiet')}>
      <span className="alert-state" title={stateMeanings[state]}>
        <Status {...alertLook(alert)} />
        {state === 'silenced' || state === 'inhibited' || state === 'resolved' ? (
          <span className="faint text-sm">{severity === 'other' ? 'alert' : severity}</span>
        ) : null}
      </span>
      <div className="min-w-0">
        <div className="alert-title">
          <Link href={alertHref(alert)} data-alert={alert.id} title={title}>
            {title}
          </Link>
          {windows ? (
            <span className="faint nowrap" title="Burn over both windows is above the threshold">
              {windows}
            </span>
          ) : null}
          <span className="faint nowrap">
            {resolvedAt === null ? <Age at={startsAt} suffix="" /> : <Ended at={resolvedAt} />}
          </span>
        </div>
        {summary && summary !== alert.name ? <p className="alert-summary">{summary}</p> : null}
        <AlertMeta alert={alert} without={without} />
      </div>
      <AlertActions alert={alert} {...actions} />
    </div>
  );
});

const Ended = ({ at }: { at: string }) => (
  <>
    ended <Age at={at} />
  </>
);

function AlertMeta({ alert, without }: { alert: Alert; without: readonly string[] }) {
  const { service, slo, runbookUrl, acknowledged, silencedBy, inhibitedBy, state } = alert;
  const links = evidenceLinks(alert);
  const parts = [
    service && !without.includes('service') ? (
      <Link key="service" href={serviceHref(service)} className="alert-link">
        {service}
      </Link>
    ) : null,
    slo && !without.includes('slo') ? (
      <Link key="slo" href={sloHref(slo)} className="alert-link">
        SLO {slo}
      </Link>
    ) : null,
    runbookUrl ? (
      <ExternalLink key="runbook" href={runbookUrl} className="alert-link">
        Runbook ↗
      </ExternalLink>
    ) : null,
    links && state !== 'resolved' ? (
      <Link key="traces" href={links.failed} className="alert-link" title="Failed traces of that time">
        Failed traces
      </Link>
    ) : null,
    acknowledged ? (
      <span key="by" className={cx('alert-taken', state === 'acknowledged' && 'good')}>
        <Glyph name="ok" size={11} /> acknowledged by {acknowledged.by.name} <Age at={acknowledged.at} />
        {acknowledged.note ? `: “${acknowledged.note}”` : ''}
      </span>
    ) : null,
    silencedBy.length > 0 ? (
      <Link key="silence" href="/alerts?view=silences" className="alert-link">
        {silencedBy.length === 1 ? 'by a silence' : `by ${silencedBy.length} silences`}
      </Link>
    ) : null,
    inhibitedBy.length > 0 ? <span key="inhibited">while another alert explains it</span> : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? <div className="alert-meta">{parts}</div> : null;
}
