import type { SloSummary } from '#lib/slo/schemas.ts';
import type { Column } from '../tables/columns.ts';
import type { Zone } from '../ui/format-time.ts';
import { Link } from '../ui/link.tsx';
import { type GroupRow, groupTrouble, type ListRow } from './list-view.ts';
import { BudgetFigure, BurnFigure, NoneLeftFigure, SliFigure } from './slo-figures.tsx';
import { SloStatus } from './slo-status.tsx';
import { sloHref, stateWord, windowShort } from './words.ts';

/** Where a row leads; a heading is opened and closed instead. */
export const rowHref = (row: ListRow): string | undefined => (row.kind === 'slo' ? sloHref(row.slo.name) : undefined);

/** Identity of a row. */
export const rowId = (row: ListRow): string => (row.kind === 'slo' ? `${row.slo.environment}/${row.slo.name}` : row.id);

export interface ColumnOptions {
  asOfMs: number;
  zone: Zone;
  /** Headings stand between the rows: then there is no sorting across them. */
  grouped: boolean;
}

type SloColumn = Omit<Column<ListRow>, 'cell' | 'value'> & {
  cell: Column<SloSummary>['cell'];
  value?: Column<SloSummary>['value'];
};

/** When nothing is left, in milliseconds, for sorting: gone before soon, what lasts last. */
function exhaustedOrder({ figures, exhaustedAt }: SloSummary): number | null {
  const left = figures?.budgetLeft;
  if (left === null || left === undefined) return null;
  if (left <= 0) return left;
  return exhaustedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(exhaustedAt);
}

function sloColumns({ asOfMs, zone }: ColumnOptions): SloColumn[] {
  return [
    {
      id: 'slo',
      header: 'SLO',
      value: ({ displayName }) => displayName,
      cell: (slo) => (
        <span className="grid">
          <Link href={sloHref(slo.name)} className="clip font-[560]" title={slo.displayName}>
            {slo.displayName}
          </Link>
          <SloStatus slo={slo} />
        </span>
      ),
    },
    {
      id: 'service',
      header: 'Service',
      priority: 2,
      className: 'desk:w-[128px]',
      value: ({ service }) => service,
      cell: ({ service }) => (
        <Link href={`/services/${encodeURIComponent(service)}`} className="clip block" title={service}>
          {service}
        </Link>
      ),
    },
    {
      id: 'sli',
      header: 'SLI',
      numeric: true,
      priority: 2,
      className: 'desk:w-[104px]',
      firstSort: 'ascending',
      value: ({ figures }) => figures?.sli,
      cell: (slo) => <SliFigure slo={slo} />,
    },
    {
      id: 'window',
      header: 'Over',
      priority: 3,
      className: 'desk:w-[70px]',
      cell: ({ window }) => <span className="dim">{windowShort(window)}</span>,
    },
    {
      id: 'budget',
      header: 'Budget left',
      className: 'desk:w-[184px] phone:w-[92px] phone:text-right',
      firstSort: 'ascending',
      value: ({ figures }) => figures?.budgetLeft,
      cell: (slo) => <BudgetFigure slo={slo} narrow />,
    },
    {
      id: 'burn',
      header: 'Burn now',
      numeric: true,
      priority: 2,
      className: 'desk:w-[92px]',
      value: ({ burnNow }) => burnNow,
      cell: ({ burnNow }) => <BurnFigure burn={burnNow} />,
    },
    {
      id: 'exhausted',
      header: 'None left in',
      numeric: true,
      className: 'desk:w-[124px] phone:w-[98px]',
      firstSort: 'ascending',
      value: exhaustedOrder,
      cell: (slo) => <NoneLeftFigure slo={slo} asOfMs={asOfMs} zone={zone} />,
    },
    {
      id: 'owner',
      header: 'Owner',
      priority: 3,
      className: 'desk:w-[112px]',
      value: ({ owner }) => owner,
      cell: ({ owner }) => (
        <span className="dim clip block" title={owner ?? undefined}>
          {owner ?? '–'}
        </span>
      ),
    },
    {
      id: 'tier',
      header: 'Tier',
      numeric: true,
      priority: 3,
      className: 'desk:w-[60px]',
      firstSort: 'ascending',
      value: ({ tier }) => tier,
      cell: ({ tier }) => <span className="dim">{tier ?? '–'}</span>,
    },
  ];
}

/** The columns of the list of SLOs; a heading row has its words in the first one. */
export function listColumns(options: ColumnOptions): Column<ListRow>[] {
  return sloColumns(options).map(({ cell, value, ...column }, i) => ({
    ...column,
    value: value && ((row) => (row.kind === 'slo' ? value(row.slo) : null)),
    sortable: value !== undefined && !options.grouped,
    cell: (row) => (row.kind === 'slo' ? cell(row.slo) : i === 0 ? <GroupHeading group={row} /> : null),
  }));
}

function GroupHeading({ group }: { group: GroupRow }) {
  const trouble = groupTrouble(group);
  return (
    <span className="slo-group row" data-open={group.isOpen}>
      <span aria-hidden="true" className="faint">
        {group.isOpen ? '▾' : '▸'}
      </span>
      {group.href ? (
        <Link href={group.href} className="clip font-[620]" title={group.label}>
          {group.label}
        </Link>
      ) : (
        <b>{group.label}</b>
      )}
      <span className="dim nowrap text-sm">
        {group.count}
        {trouble ? ` · ${trouble}` : ''}
      </span>
      <span className="sr">{group.isOpen ? 'open' : 'closed'}</span>
    </span>
  );
}

const of = (id: string, value: NonNullable<Column<SloSummary>['value']>): Column<SloSummary> => ({
  id,
  header: id,
  value,
  cell: () => null,
});

/** What a file of SLOs holds. */
export const fileColumns: Column<SloSummary>[] = [
  of('environment', (s) => s.environment),
  of('slo', (s) => s.name),
  of('service', (s) => s.service),
  of('owner', (s) => s.owner),
  of('tier', (s) => s.tier),
  of('category', (s) => s.category),
  of('state', (s) => stateWord[s.state]),
  of('reason', (s) => s.reason),
  of('target', (s) => s.target),
  of('window', (s) => windowShort(s.window)),
  of('sli', (s) => s.figures?.sli),
  of('good', (s) => s.figures?.good),
  of('bad', (s) => s.figures?.bad),
  of('total', (s) => s.figures?.total),
  of('budget_left', (s) => s.figures?.budgetLeft),
  of('coverage', (s) => s.figures?.coverage),
  of('burn_now', (s) => s.burnNow),
  of('exhausted_at', (s) => s.exhaustedAt),
  of('policy_step', (s) => s.policyStep),
  of('firing', (s) => s.firing),
];
