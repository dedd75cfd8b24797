'use client';
import type { ServiceSummary } from '#lib/telemetry/schemas.ts';
import { Age } from '../ui/age.tsx';
import { Status } from '../ui/status.tsx';
import { stateWord, statusOf } from './words.ts';

export interface ServiceStatusProps {
  service: Pick<ServiceSummary, 'state' | 'reasons'>;
  /** When the figures were measured; told where they are old. */
  asOf?: string;
}

/** The state of a service as a shape and a word. */
export function ServiceStatus({ service: { state, reasons }, asOf }: ServiceStatusProps) {
  const stale = state === 'stale' && asOf !== undefined;
  return (
    <Status
      state={statusOf[state]}
      word={
        stale ? (
          <>
            stale, <Age at={asOf} suffix="" />
          </>
        ) : (
          stateWord[state]
        )
      }
      title={reasons.length > 0 ? reasons.join('; ') : undefined}
    />
  );
}
