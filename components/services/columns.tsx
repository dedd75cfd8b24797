import type { ServiceSummary } from '#lib/telemetry/schemas.ts';
import type { Column } from '../tables/columns.ts';
import { Link } from '../ui/link.tsx';
import { DurationFigure, ErrorsFigure, RateFigure, ReplicasFigure } from './figures.tsx';
import { ServiceStatus } from './status.tsx';
import { errorsSeen, stateWord } from './words.ts';

/** Where a service is shown. */
export const serviceHref = ({ name }: Pick<ServiceSummary, 'name'>): string => `/services/${encodeURIComponent(name)}`;

/** Identity of a row. */
export const serviceId = ({ environment, name }: ServiceSummary): string => `${environment}/${name}`;

/** The columns of every list of services. `asOf` is when the figures were measured. */
export function serviceColumns(asOf: string | undefined): Column<ServiceSummary>[] {
  return [
    {
      id: 'service',
      header: 'Service',
      value: ({ name }) => name,
      cell: (service) => (
        <span className="grid">
          <Link href={serviceHref(service)} className="clip font-[560]" title={service.description ?? service.name}>
            {service.name}
          </Link>
          <span className="row gap-[6px]">
            <ServiceStatus service={service} asOf={asOf} />
            {service.kind === 'client' ? <span className="faint text-sm">client</span> : null}
          </span>
        </span>
      ),
    },
    {
      id: 'rate',
      header: 'Rate',
      numeric: true,
      priority: 2,
      className: 'desk:w-[142px]',
      value: ({ red, callers }) => red?.rate ?? callers?.rate,
      cell: (service) => <RateFigure service={service} />,
    },
    {
      id: 'errors',
      header: 'Errors',
      numeric: true,
      className: 'desk:w-[150px] phone:w-[104px]',
      value: (service) => errorsSeen(service).ratio,
      cell: (service) => <ErrorsFigure service={service} />,
    },
    {
      id: 'p95',
      name: 'p50 · p95 · p99',
      header: (
        <span>
          <span className="hide-s">p50 · </span>p95<span className="hide-s"> · p99</span>
        </span>
      ),
      numeric: true,
      className: 'desk:w-[262px] phone:w-[126px]',
      value: ({ red }) => red?.p95Ms,
      cell: (service) => <DurationFigure service={service} />,
    },
    {
      id: 'replicas',
      header: 'Replicas',
      numeric: true,
      priority: 2,
      className: 'desk:w-[84px]',
      value: ({ replicas }) => replicas?.ready,
      cell: (service) => <ReplicasFigure service={service} />,
    },
    {
      id: 'owner',
      header: 'Owner',
      priority: 3,
      className: 'desk:w-[120px]',
      value: ({ owner }) => owner,
      cell: ({ owner }) => (
        <span className="block clip dim" title={owner ?? undefined}>
          {owner ?? '–'}
        </span>
      ),
    },
  ];
}

/** The same with what only the full list has. */
export function fullColumns(asOf: string | undefined): Column<ServiceSummary>[] {
  return [
    ...serviceColumns(asOf),
    {
      id: 'tier',
      header: 'Tier',
      numeric: true,
      priority: 3,
      firstSort: 'ascending',
      value: ({ tier }) => tier,
      cell: ({ tier }) => <span className="dim">{tier ?? '–'}</span>,
    },
  ];
}

const of = (id: string, value: NonNullable<Column<ServiceSummary>['value']>): Column<ServiceSummary> => ({
  id,
  header: id,
  value,
  cell: () => null,
});

/** What a file of services holds, with units in the names. */
export const fileColumns: Column<ServiceSummary>[] = [
  of('environment', (s) => s.environment),
  of('service', (s) => s.name),
  of('state', (s) => stateWord[s.state]),
  of('reasons', (s) => s.reasons.join('; ')),
  of('requests_per_second', (s) => s.red?.rate),
  of('error_ratio', (s) => s.red?.errorRatio),
  of('p50_ms', (s) => s.red?.p50Ms),
  of('p95_ms', (s) => s.red?.p95Ms),
  of('p99_ms', (s) => s.red?.p99Ms),
  of('last_week_requests_per_second', (s) => s.red?.lastWeek?.rate),
  of('last_week_error_ratio', (s) => s.red?.lastWeek?.errorRatio),
  of('last_week_p95_ms', (s) => s.red?.lastWeek?.p95Ms),
  of('callers_requests_per_second', (s) => s.callers?.rate),
  of('callers_error_ratio', (s) => s.callers?.errorRatio),
  of('replicas_ready', (s) => s.replicas?.ready),
  of('replicas_desired', (s) => s.replicas?.desired),
  of('versions', (s) => s.versions.map(({ version, replicas }) => `${version} (${replicas})`).join(' ')),
  of('owner', (s) => s.owner),
  of('tier', (s) => s.tier),
  of('repository', (s) => s.repository),
];
