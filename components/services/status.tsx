'use client';
import type { ServiceSummary } from '#lib/telemetry/schemas.ts';
import { Age } from '../ui/age.tsx';
import { Status } from '../ui/status.tsx';
import { useLitOnChange } from '../ui/use-lit-on-change.ts';
import { stateWord, statusOf } from './words.ts';

export interface ServiceStatusProps {
  service: Pick<ServiceSummary, 'state' | 'reasons'>;
  /** When the figures were measured; told where they are old. */
  asOf?: string;
}

/** The state of a service as a shape and a word. A change of it is lit up once. */
export function ServiceStatus({ service: { state, reasons }, asOf }: ServiceStatusProps) {
  const box = useLitOnChange<HTMLSpanElement>(state);
  const stale = state === 'stale' && asOf !== undefined;
  return (
    <span ref={box} className="inline-flex rounded-[3px]">
      <Status
        state={statusOf[state]}
        word={
          stale ? (
            <span>
              stale, <Age at={asOf} suffix="" />
            </span>
          ) : (
            stateWord[state]
          )
        }
        title={reasons.length > 0 ? reasons.join('; ') : undefined}
      />
    </span>
  );
}
