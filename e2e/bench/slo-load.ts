import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';

export const sloName = (index: number) => `slo-${String(index).padStart(4, '0')}`;

const definition = (index: number) => ({
  environment: 'bench',
  name: sloName(index),
  displayName: `Availability of service ${index}`,
  description: null,
  service: `service-${index}`,
  owner: `team-${index % 20}`,
  tier: (index % 4) + 1,
  category: 'availability',
  labels: {},
  indicator: {
    kind: 'ratio',
    counter: true,
    good: null,
    bad: `http_requests_total{service_name="service-${index}",code=~"5.."}`,
    total: `http_requests_total{service_name="service-${index}"}`,
  },
  measuredAt: 'caller',
  budgeting: { method: 'occurrences' },
  window: { kind: 'rolling', days: 90 },
  target: 0.999,
  gapPolicy: 'unknown',
  policy: 'default',
  runbookUrl: null,
  alerting: { tiers: null, minFailures: 10, absentPages: null },
});

export interface SloLoad {
  slos: number;
  /** So many of them have every bucket of the 90 days; all have every hour, and the buckets of three days. */
  whole: number;
}

/** SLOs with 90 days of ledger: a daily rhythm, some failures always, and an outage of an hour each week. */
export async function fillSlos(databaseUrl: string, { slos, whole }: SloLoad): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const definitions = JSON.stringify(Array.from({ length: slos }, (_, index) => definition(index)));
    await client.query(
      `insert into slo (id, environment, name, service, origin, revision, ledger_revision)
       select gen_random_uuid(), d->>'environment', d->>'name', d->>'service', 'ui', 1, 1
       from jsonb_array_elements($1::jsonb) d`,
      [definitions],
    );
    await client.query(
      `insert into slo_revision (slo_id, revision, definition, source, changes, actor_kind, actor_id, actor_name)
       select s.id, 1, d, '', '{created}', 'person', 'bench', 'Bench'
       from jsonb_array_elements($1::jsonb) d join slo s on s.name = d->>'name' and s.environment = 'bench'`,
      [definitions],
    );
    const until = `to_timestamp((extract(epoch from now())::bigint / 300 - 1) * 300)`;
    const bucket = (days: string) => `
      insert into slo_bucket (slo_id, revision, start, good, total, coverage)
      select id, 1, at, total - bad, total, 1
      from (
        select s.id, at, floor(3000 + 2000 * sin(extract(epoch from at) / 86400 * 6.2832)) as total,
               case when extract(epoch from at)::bigint / 3600 % 168 = 7 then 100 else extract(epoch from at)::bigint / 300 % 3 end as bad
        from (select id from slo where environment = 'bench' and ${days}) s,
             generate_series(date_trunc('hour', now()) - $1::interval, ${until} - interval '5 min', interval '5 min') at
      ) b`;
    await client.query(bucket(`name < '${sloName(whole)}'`), ['91 days']);
    await client.query(bucket(`name >= '${sloName(whole)}'`), ['3 days']);
    // The hours of one whole SLO are those of all.
    await client.query(
      `insert into slo_bucket_hour (slo_id, revision, start, good, total, coverage)
       select s.id, 1, h.start, h.good, h.total, h.coverage
       from slo s, (
         select date_trunc('hour', b.start) as start, sum(b.good) as good, sum(b.total) as total, sum(b.coverage) as coverage
         from slo_bucket b join slo one on one.id = b.slo_id and one.name = $1 group by 1
       ) h
       where s.environment = 'bench'`,
      [sloName(0)],
    );
    await client.query(
      `insert into slo_state (slo_id, revision, ledger_from, ledger_until, backfill)
       select id, 1, ${until} - interval '90 days', ${until}, 'done' from slo where environment = 'bench'`,
    );
    await client.query('analyze slo, slo_state, slo_bucket, slo_bucket_hour');
    const { rows } = await client.query<{ buckets: string }>('select count(*) as buckets from slo_bucket');
    return Number(rows[0]?.buckets ?? 0);
  } finally {
    await client.end();
  }
}

const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

/** Serves what the rules of so many SLOs would record. */
export async function startRecordings(slos: number): Promise<{ address: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    for (const window of windows) {
      for (const [which, rate] of [['bad', 0.01] as const, ['total', 10] as const]) {
        for (let index = 0; index < slos; index++) {
          const labels = `slo="${sloName(index)}",service="service-${index}",deployment_environment_name="bench"`;
          response.write(`slo:sli_${which}:rate${window}{${labels}} ${rate}\n`);
        }
      }
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
