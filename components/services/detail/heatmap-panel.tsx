'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { heatmapQuery } from '#lib/telemetry/queries.ts';
import { gridTimesMs } from '#lib/telemetry/rules.ts';
import { Heatmap } from '../../charts/heatmap.tsx';
import { useRange } from '../../charts/use-range.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { answerState } from '../answer-state.ts';
import { heatmapData } from './red-series.ts';

const height = 210;

/** How many requests took how long, over the page's time range. */
export function HeatmapPanel({ service }: { service: string }) {
  const { current } = useEnvironment();
  const { wanted, renewEvery } = useRange();
  const asked = { env: current.name, service, ...wanted, width: 600 };
  const query = useQuery({ ...heatmapQuery(asked), refetchInterval: renewEvery });
  const { data } = query;
  const cells = useMemo(() => (data ? heatmapData(data, gridTimesMs(data.grid)) : null), [data]);
  const state = answerState(query);
  const empty = data !== undefined && !data.columns.some((column) => column?.some((count) => count > 0));
  return (
    <Panel
      title="Distribution of durations"
      meta="requests/s by how long they took"
      state={
        empty
          ? { kind: 'noData', hint: 'No histogram of durations holds a request in this time.' }
          : state.kind === 'loading'
            ? undefined
            : state
      }
      bodyHeight={height + 40}
    >
      {cells ? (
        <Heatmap title="Distribution of durations" data={cells} height={height} />
      ) : (
        <Skeleton height={height} />
      )}
    </Panel>
  );
}
