'use client';
import type { ReactNode } from 'react';
import type { ServiceSummary } from '#lib/telemetry/schemas.ts';
import { Note } from '../../ui/note.tsx';
import { ChangesPanel, type ChangesPanelProps } from './changes-panel.tsx';
import { DependenciesPanel } from './dependencies-panel.tsx';
import { HeatmapPanel } from './heatmap-panel.tsx';
import { RedCharts } from './red-charts.tsx';
import { ReplicasPanel } from './replicas-panel.tsx';
import { RoutesPanel } from './routes-panel.tsx';

export interface OverviewTabProps {
  service: string;
  summary: ServiceSummary | null;
  changes: ChangesPanelProps['query'];
  suspects?: ReactNode;
  /** Panels side by side. */
  reliability?: ReactNode;
}

const most = 8;

/** Rate, errors and duration first, then where they come from. */
export function OverviewTab({ service, summary, changes, suspects, reliability }: OverviewTabProps) {
  if (summary?.kind === 'client') {
    return (
      <>
        <Note tone="info">
          {service} only calls others: it takes no requests, so it has no rate, errors or duration of its own. What it
          counts is under Business.
        </Note>
        <div className="grid items-start gap-3 min-[1181px]:grid-cols-2">
          <ReplicasPanel service={service} most={most} />
          <DependenciesPanel service={service} most={most} />
        </div>
        <ChangesPanel query={changes} />
      </>
    );
  }
  return (
    <>
      <RedCharts service={service} summary={summary} />
      {suspects}
      {reliability ? <div className="grid items-start gap-3 min-[1181px]:grid-cols-2">{reliability}</div> : null}
      <div className="grid items-start gap-3 min-[1181px]:grid-cols-2">
        <ReplicasPanel service={service} most={most} />
        <DependenciesPanel service={service} most={most} />
        <RoutesPanel service={service} most={most} />
        <HeatmapPanel service={service} />
        <ChangesPanel query={changes} />
      </div>
    </>
  );
}
