'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { alertHref } from '#components/alerts/words.ts';
import { useCommandProvider } from '#components/shell/commands.tsx';
import type { CommandProvider } from '#components/shell/types.ts';
import { useEnvironment } from '#components/ui/environment.tsx';
import { alertsQuery } from '#lib/alerts/queries.ts';
import { alertTitle } from '#lib/alerts/title-rules.ts';

const most = 20;

/** Alerts that are held now, for ⌘K: by name, SLO, service or a word of their sentence. */
export function useAlertSearch(): void {
  const client = useQueryClient();
  const { current } = useEnvironment();
  const provider = useMemo<CommandProvider>(
    () => ({
      id: 'alerts',
      search: async (text) => {
        const { items } = await client.fetchQuery(alertsQuery({ env: current.name, limit: 100 }));
        const words = text.toLowerCase().split(/\s+/).filter(Boolean);
        return items
          .filter((alert) => {
            const all = `${alertTitle(alert)} ${alert.name} ${alert.service ?? ''} ${alert.summary}`.toLowerCase();
            return words.every((word) => all.includes(word));
          })
          .slice(0, words.length > 0 ? most : 5)
          .map((alert) => ({
            id: `alert.${alert.id}`,
            title: alertTitle(alert),
            group: 'Alerts',
            hint: `${alert.severity === 'other' ? 'alert' : alert.severity}, ${alert.state}`,
            href: alertHref(alert),
          }));
      },
    }),
    [client, current.name],
  );
  useCommandProvider(provider);
}
