'use client';
import { useQuery } from '@tanstack/react-query';
import type { Page } from '#lib/core/page.ts';
import { factsQuery } from '#lib/facts/queries.ts';
import type { Fact } from '#lib/facts/schemas.ts';
import type { ServiceSummary } from '#lib/telemetry/schemas.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { useEnvironment } from '../../ui/environment.tsx';
import { formatClock, formatDateTime, type Zone } from '../../ui/format-time.ts';
import { ExternalLink, Link } from '../../ui/link.tsx';
import { Note } from '../../ui/note.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Status } from '../../ui/status.tsx';
import { mapFocus, serviceLogs, serviceTraces } from '../map/map-links.ts';
import { ServiceStatus } from '../status.tsx';
import { versionsText } from '../words.ts';

export interface ServiceHeaderProps {
  service: string;
  /** null while it loads, and where the service is not seen now. */
  summary: ServiceSummary | null;
  loading: boolean;
  /** Nothing reports for it now; else why there is no summary is not known. */
  gone: boolean;
  asOf?: string;
}

/** What the service is, how it is and why, who owns it, and what runs. */
export function ServiceHeader({ service, summary, loading, gone, asOf }: ServiceHeaderProps) {
  const since = useVersionSince(summary);
  const { zone } = useTimeRange();
  const versions = summary ? versionsText(summary.versions) : null;
  const parts = [
    summary?.owner,
    versions && `${versions}${since === null ? '' : ` since ${sinceText(since, zone)}`}`,
    summary?.lifecycle === 'production' ? null : summary?.lifecycle,
  ].filter(Boolean);
  return (
    <div className="grid gap-2">
      <div className="row wrap gap-y-1">
        <h1 className="min-w-0 [overflow-wrap:anywhere]">{service}</h1>
        {summary ? (
          <ServiceStatus service={summary} asOf={asOf} />
        ) : loading ? (
          <span className="faint">loading</span>
        ) : (
          <Status state="nodata" word={gone ? 'not seen now' : 'not known'} />
        )}
        {summary?.tier ? <Pill>tier {summary.tier}</Pill> : null}
        {summary?.kind === 'client' ? <Pill>client</Pill> : null}
        <span className="dim min-w-0 [overflow-wrap:anywhere]">{parts.join(' · ')}</span>
        <span className="grow" />
        {summary ? <Links summary={summary} /> : null}
        <nav className="row gap-2" aria-label={`More of ${service}`}>
          {[
            ['Traces', serviceTraces(service)],
            ['Logs', serviceLogs(service)],
            ['Map', mapFocus(service)],
          ].map(([label = '', href = '']) => (
            <Link key={label} href={href} className={buttonClass()}>
              {label}
            </Link>
          ))}
        </nav>
      </div>
      {summary?.description ? <p className="dim max-w-[80ch]">{summary.description}</p> : null}
      {summary && summary.reasons.length > 0 ? <Reasons summary={summary} /> : null}
    </div>
  );
}

function Links({ summary: { links, repository } }: { summary: ServiceSummary }) {
  const all = [...(repository ? [{ title: 'Repository', url: repository }] : []), ...links];
  if (all.length === 0) return null;
  return (
    <ul className="row wrap gap-x-3 gap-y-0 text-sm" aria-label="Links">
      {all.map(({ title, url }) => (
        <li key={`${title} ${url}`}>
          <ExternalLink href={url}>{title}</ExternalLink>
        </li>
      ))}
    </ul>
  );
}

const tones = {
  failing: 'bad',
  slow: 'warn',
  stale: 'warn',
  no_data: 'unknown',
  no_traffic: 'info',
  ok: 'info',
} as const;

/** Why it is in its state. */
function Reasons({ summary: { state, reasons } }: { summary: ServiceSummary }) {
  const [first = '', ...rest] = reasons;
  const text = [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' · ');
  return state === 'ok' || state === 'no_traffic' ? (
    <p className="dim">{text}.</p>
  ) : (
    <Note tone={tones[state]}>{text}.</Note>
  );
}

const dayMs = 86_400_000;

/** When the version that runs was deployed, where that is recorded. */
function useVersionSince(summary: ServiceSummary | null): number | null {
  const { current } = useEnvironment();
  const { toMs } = useTimeRange();
  const version = summary?.versions[0]?.version ?? null;
  // Whole days: all who look today ask the same.
  const to = new Date((Math.floor(toMs / dayMs) + 1) * dayMs);
  const { data } = useQuery({
    ...factsQuery({
      env: current.name,
      service: summary?.name,
      kinds: ['deploy'],
      from: new Date(to.getTime() - 90 * dayMs),
      to,
    }),
    enabled: version !== null,
    staleTime: 30_000,
    select: (page: Page<Fact>) => {
      const deploy = page.items.find(({ payload }) => payload.version === version);
      return deploy ? Date.parse(deploy.startAt) : null;
    },
  });
  return data ?? null;
}

/** The time of day on the same day, else with the day. */
function sinceText(ms: number, zone: Zone): string {
  return Date.now() - ms < dayMs ? formatClock(ms, zone) : formatDateTime(ms, zone, false);
}
