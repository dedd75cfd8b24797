import type { Incident, IncidentKind, IncidentRequest, IncidentScope } from '#contracts/payment.ts';
import type { Logger } from '#kit/log.ts';
import type { Queryable } from '#kit/postgres.ts';
import { type Repeating, repeat } from '#kit/repeat.ts';

interface IncidentRow {
  readonly kind: IncidentKind;
  readonly ratio: number;
  readonly latency_ms: number | null;
  readonly scope: IncidentScope;
  readonly started_at: Date;
  readonly expires_at: Date;
}

/**
 * The incidents that are being simulated. They are kept in the database, so that every replica shows them and a
 * restart does not end them, but each replica ends them by itself when their time is over, database or not.
 */
export class Incidents {
  readonly #db: Queryable;
  readonly #log: Logger;
  readonly #now: () => number;
  #known: readonly Incident[] = [];

  constructor(db: Queryable, log: Logger, now: () => number = Date.now) {
    this.#db = db;
    this.#log = log;
    this.#now = now;
  }

  /** Those that are in force now. */
  active(): readonly Incident[] {
    const now = this.#now();
    return this.#known.filter((incident) => Date.parse(incident.expiresAt) > now);
  }

  find(kind: IncidentKind): Incident | undefined {
    return this.active().find((incident) => incident.kind === kind);
  }

  /** Starts one, in place of a running one of the same kind. */
  async begin(request: IncidentRequest): Promise<Incident> {
    const { rows } = await this.#db.query<IncidentRow>(
      `INSERT INTO incidents (kind, ratio, latency_ms, scope, started_at, expires_at)
       VALUES ($1, $2, $3, $4, now(), now() + make_interval(secs => $5))
       ON CONFLICT (kind) DO UPDATE SET ratio = excluded.ratio, latency_ms = excluded.latency_ms,
         scope = excluded.scope, started_at = excluded.started_at, expires_at = excluded.expires_at
       RETURNING *`,
      [
        request.kind,
        request.ratio,
        request.kind === 'latency' ? request.latencyMs : null,
        JSON.stringify(request.scope),
        request.durationSeconds,
      ],
    );
    const incident = toIncident(rows[0] as IncidentRow);
    this.#log.warn({ incident }, `simulating ${incident.kind} until ${incident.expiresAt}`);
    await this.refresh();
    return incident;
  }

  /** Ends those of one kind, or all; how many there were. */
  async end(kind?: IncidentKind): Promise<number> {
    const { rowCount } = await this.#db.query('DELETE FROM incidents WHERE $1::text IS NULL OR kind = $1', [
      kind ?? null,
    ]);
    if (rowCount) this.#log.warn({ kind: kind ?? 'all' }, 'the simulated incident was ended');
    await this.refresh();
    return rowCount ?? 0;
  }

  async refresh(): Promise<void> {
    const { rows } = await this.#db.query<IncidentRow>(
      'SELECT * FROM incidents WHERE expires_at > now() ORDER BY kind',
    );
    this.#known = rows.map(toIncident);
  }

  /** Keeps up with what other replicas were told. */
  follow(everyMs: number): Repeating {
    return repeat('reading the simulated incidents', everyMs, this.#log, () => this.refresh());
  }
}

function toIncident(row: IncidentRow): Incident {
  return {
    kind: row.kind,
    ratio: row.ratio,
    latencyMs: row.latency_ms,
    scope: row.scope,
    startedAt: row.started_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
