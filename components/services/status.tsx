'use client';
import { useEffect, useRef } from 'react';
import type { ServiceSummary } from '#lib/telemetry/schemas.ts';
import { Age } from '../ui/age.tsx';
import { Status } from '../ui/status.tsx';
import { stateWord, statusOf } from './words.ts';

export interface ServiceStatusProps {
  service: Pick<ServiceSummary, 'state' | 'reasons'>;
  /** When the figures were measured; told where they are old. */
  asOf?: string;
}

/** The state of a service as a shape and a word. A change of it is lit up once. */
export function ServiceStatus({ service: { state, reasons }, asOf }: ServiceStatusProps) {
  const box = useLitOnChange(state);
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

function useLitOnChange(value: string) {
  const box = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const lit = { backgroundColor: 'var(--brass-soft)', boxShadow: '0 0 0 3px var(--brass-soft)' };
    box.current?.animate([lit, lit, { backgroundColor: 'transparent', boxShadow: '0 0 0 3px transparent' }], 1600);
  }, [value]);
  return box;
}
