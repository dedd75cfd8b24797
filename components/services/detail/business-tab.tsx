'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { businessQuery } from '#lib/telemetry/queries.ts';
import { gridTimesMs } from '#lib/telemetry/rules.ts';
import type { Business } from '#lib/telemetry/schemas.ts';
import { useRange } from '../../charts/use-range.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { answerNotes, answerState } from '../answer-state.ts';
import { MetricChart, MetricChartPlaces } from './metric-chart.tsx';
import { metricTitle } from './metric-title.ts';

type Item = Business['items'][number];

/** What is drawn of a metric, where that is not its bare value. */
function metaOf({ type, by }: Item): string {
  const what = type === 'counter' ? 'per second' : type === 'histogram' ? 'mean' : '';
  return [what, by ? `by ${by}` : ''].filter(Boolean).join(', ');
}

/** What the service counts beside requests, each with what it says of itself. */
export function BusinessTab({ service }: { service: string }) {
  const { current } = useEnvironment();
  const { wanted, renewEvery } = useRange();
  const query = useQuery({
    ...businessQuery({ env: current.name, service, ...wanted, width: 700 }),
    refetchInterval: renewEvery,
  });
  const { data } = query;
  const times = useMemo(() => (data ? gridTimesMs(data.grid) : []), [data]);
  const state = answerState(query);
  const omitted = data?.omittedMetrics ?? [];
  const notes = [
    ...answerNotes(query),
    ...(omitted.length > 0 ? [`Not drawn for lack of room: ${omitted.join(', ')}.`] : []),
  ];
  if (state.kind === 'sourceDown' || state.kind === 'notPermitted')
    return <Panel title="Business" state={state} bodyHeight={190} />;
  if (data && data.items.length === 0) {
    return (
      <Panel
        title="Business"
        bodyHeight={190}
        state={{
          kind: 'empty',
          title: `${service} counts nothing of its own`,
          hint: 'Any counter, gauge or histogram that it exposes beside the usual ones appears here, with its HELP text.',
        }}
      />
    );
  }
  return (
    <>
      {notes.length > 0 ? <Note tone={answerNotes(query).length > 0 ? 'warn' : 'info'}>{notes.join(' ')}</Note> : null}
      <div className="grid gap-3 min-[981px]:grid-cols-2 min-[1600px]:grid-cols-3">
        {data ? (
          data.items.map((item) => (
            <MetricChart
              key={item.metric}
              title={metricTitle(item.metric)}
              metric={item.metric}
              meta={metaOf(item)}
              description={item.help ?? 'It says nothing of itself: its HELP is empty.'}
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
