import { growing, type HistorySeries, histogramSeries } from '#lib/adapters/prometheus/testing/history.ts';

const graph = 'traces_service_graph_request';

export interface TracedCall {
  client: string;
  server: string;
  /** As Tempo names it; an ordinary call where left out. */
  connection?: 'database' | 'messaging_system' | 'virtual_node';
  environment?: string;
  perSecond: number;
  failedPerSecond?: number;
  /** Nobody makes it any more since then. */
  untilMs?: number;
}

/** Shares of requests within each bound, cumulative. */
const quick = { '0.01': 0, '0.05': 0.9, '0.1': 1 };
/** What Tempo counts for a side that sent no span. */
const none = { '0.01': 1, '0.05': 1, '0.1': 1 };
const slow = { '0.01': 0, '0.05': 0, '0.1': 0, '1': 1 };

/** The series of a service graph as our receiver and Tempo export them. */
export function serviceGraph(calls: readonly TracedCall[]): HistorySeries[] {
  return calls.flatMap(({ client, server, connection, environment, perSecond, failedPerSecond, untilMs }) => {
    const labels = {
      client,
      server,
      ...(connection ? { connection_type: connection } : {}),
      ...(environment ? { deployment_environment_name: environment } : {}),
    };
    const isVirtual = connection === 'virtual_node';
    const all: HistorySeries[] = [
      { name: `${graph}_total`, labels, value: growing(perSecond) },
      ...(failedPerSecond ? [{ name: `${graph}_failed_total`, labels, value: growing(failedPerSecond) }] : []),
      ...histogramSeries(`${graph}_server_seconds`, labels, { bounds: isVirtual ? none : quick, perSecond }),
      ...histogramSeries(`${graph}_client_seconds`, labels, { bounds: slow, perSecond }),
    ];
    return untilMs === undefined
      ? all
      : all.map((series) => ({ ...series, value: (atMs) => (atMs > untilMs ? null : series.value(atMs)) }));
  });
}
