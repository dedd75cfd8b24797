'use client';
import { useQuery } from '@tanstack/react-query';
import { Panel } from '#components/ui/panel.tsx';
import { type PanelState, panelStateOf } from '#components/ui/panel-state.ts';
import { metricsQuery } from '#lib/telemetry/queries.ts';
import { starterQueries } from './starter-queries.ts';

/** Queries to begin with, made of the metrics that there are. */
export function Starters({ onChoose }: { onChoose: (expr: string) => void }) {
  const metrics = useQuery(metricsQuery());
  const starters = starterQueries(metrics.data?.items ?? []);
  const asked = panelStateOf(metrics, 'Prometheus');
  const state: PanelState =
    asked.kind === 'ok' && starters.length === 0
      ? {
          kind: 'empty',
          title: 'The source has no metrics yet',
          hint: 'Does it scrape anything? Its targets say so, under /targets of its own address.',
        }
      : asked;
  const count = metrics.data?.items.length ?? 0;
  return (
    <Panel
      title="Start with"
      meta={count > 0 ? `made of ${count.toLocaleString('en')} metric names that the source has` : undefined}
      state={state}
      bodyHeight={260}
      flush
    >
      <div className="starters">
        {starters.map(({ title, expr }) => (
          <button key={title} type="button" onClick={() => onChoose(expr)}>
            <b>{title}</b>
            <code>{expr}</code>
          </button>
        ))}
      </div>
    </Panel>
  );
}
