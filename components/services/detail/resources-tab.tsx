'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { saturationQuery } from '#lib/telemetry/queries.ts';
import { gridTimesMs } from '#lib/telemetry/rules.ts';
import { useRange } from '../../charts/use-range.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { answerNotes, answerState } from '../answer-state.ts';
import { MetricChart, MetricChartPlaces } from './metric-chart.tsx';

const metas: Record<string, string> = {
  cpu: '100 % is one core',
  memory: 'resident',
  'event-loop': 'how late the process gets to its work',
};

/** How full the service is: CPU, memory, event loop, requests in progress, queues. */
export function ResourcesTab({ service }: { service: string }) {
  const { current } = useEnvironment();
  const { wanted, renewEvery } = useRange();
  const query = useQuery({
    ...saturationQuery({ env: current.name, service, ...wanted, width: 700 }),
    refetchInterval: renewEvery,
  });
  const { data } = query;
  const times = useMemo(() => (data ? gridTimesMs(data.grid) : []), [data]);
  const state = answerState(query);
  const notes = [
    ...answerNotes(query),
    ...(data?.omittedSeries ? [`${data.omittedSeries} series with the lowest values are not drawn.`] : []),
  ];
  if (state.kind === 'sourceDown' || state.kind === 'notPermitted')
    return <Panel title="Resources" state={state} bodyHeight={190} />;
  if (data && data.items.length === 0) {
    return (
      <Panel
        title="Resources"
        bodyHeight={190}
        state={{
          kind: 'noData',
          hint: `No process of ${service} reports CPU, memory, event loop or a queue in this time.`,
        }}
      />
    );
  }
  return (
    <>
      {notes.length > 0 ? <Note>{notes.join(' ')}</Note> : null}
      <div className="grid gap-3 min-[981px]:grid-cols-2">
        {data ? (
          data.items.map((item) => (
            <MetricChart
              key={item.id}
              title={item.title}
              meta={metas[item.id]}
              unit={item.unit}
              times={times}
              series={item.series}
              staleAtMs={state.kind === 'stale' ? state.asOf : undefined}
            />
          ))
        ) : (
          <MetricChartPlaces count={4} />
        )}
      </div>
    </>
  );
}
