'use client';
import { useEffect, useMemo, useRef } from 'react';
import type { Alert } from '#lib/alerts/schemas.ts';
import { acknowledgeAlert, createSilence } from '#lib/alerts/verbs.ts';
import { useCommands } from '../shell/commands.tsx';
import type { Command } from '../shell/types.ts';
import { useRefusal } from '../shell/viewer.tsx';
import { toast } from '../ui/toast.ts';
import type { Acknowledging } from './use-acknowledge.ts';

export interface AlertKeysOptions {
  /** What the keys act on; null while no row is chosen. */
  chosen: Alert | null;
  acknowledging: Acknowledging;
  onSilence: (alert: Alert) => void;
}

/** a acknowledges what is chosen, s silences it; both stand in the palette and in the help for the keyboard. */
export function useAlertKeys(options: AlertKeysOptions): void {
  const now = useRef(options);
  useEffect(() => {
    now.current = options;
  });
  const refusals = { acknowledge: useRefusal(acknowledgeAlert), silence: useRefusal(createSilence) };
  const { acknowledge, silence } = refusals;
  const commands = useMemo<Command[]>(() => {
    const withChosen = (act: (alert: Alert) => void) => () => {
      const { chosen } = now.current;
      if (chosen) act(chosen);
      else toast.warn('Choose an alert first: j and k move among them', { id: 'alerts choose' });
    };
    return [
      {
        id: 'alerts.acknowledge.chosen',
        title: 'Acknowledge the chosen alert',
        group: 'Alerts',
        shortcut: 'a',
        disabledReason: acknowledge ?? undefined,
        run: withChosen((alert) => {
          if (alert.state === 'firing') void now.current.acknowledging.acknowledge([alert]);
          else toast.warn(`Nothing to acknowledge: it is ${alert.state}`, { id: 'alerts choose' });
        }),
      },
      {
        id: 'alerts.silence.chosen',
        title: 'Silence the chosen alert…',
        group: 'Alerts',
        shortcut: 's',
        disabledReason: silence ?? undefined,
        run: withChosen((alert) => {
          if (alert.state === 'resolved') toast.warn('It is resolved already', { id: 'alerts choose' });
          else now.current.onSilence(alert);
        }),
      },
    ];
  }, [acknowledge, silence]);
  useCommands(commands);
}
