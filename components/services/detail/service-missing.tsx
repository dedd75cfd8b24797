'use client';
import { useQuery } from '@tanstack/react-query';
import { spanWords } from '#lib/core/time-range.ts';
import { environmentsQuery } from '#lib/telemetry/queries.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { useEnvironment } from '../../ui/environment.tsx';
import { formatDateTime } from '../../ui/format-time.ts';
import { Link } from '../../ui/link.tsx';
import { MessagePage } from '../../ui/message-page.tsx';

/** In place of a service that nothing knows: where it was looked for, and where else it may be. */
export function ServiceMissing({ service }: { service: string }) {
  const { current } = useEnvironment();
  const { fromMs, toMs, zone, range } = useTimeRange();
  const others = (useQuery(environmentsQuery()).data?.items ?? []).filter(({ name }) => name !== current.name);
  const when =
    range.to.kind === 'relative' && range.to.agoMs === 0 && range.from.kind === 'relative'
      ? `in the last ${spanWords(range.from.agoMs).replace(/^1 /, '')}`
      : `between ${formatDateTime(fromMs, zone, false)} and ${formatDateTime(toMs, zone, false)}`;
  const path = `/services/${encodeURIComponent(service)}`;
  return (
    <MessagePage
      title={`${service} is not seen in ${current.name}`}
      actions={
        <>
          <Link href="/services" className={buttonClass({ variant: 'primary' })}>
            All services
          </Link>
          {others.slice(0, 4).map(({ name }) => (
            <Link key={name} href={`${path}?env=${encodeURIComponent(name)}`} className={buttonClass()}>
              Look in {name}
            </Link>
          ))}
        </>
      }
    >
      <p>
        Nothing measured it {when}, nobody called it, and no catalogue file expects it here. A longer time range may
        still find it; otherwise the name is wrong, or it is not scraped.
      </p>
    </MessagePage>
  );
}
