'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useCommandProvider } from '#components/shell/commands.tsx';
import type { CommandProvider } from '#components/shell/types.ts';
import { budgetText, sloHref, stateWord } from '#components/slos/words.ts';
import { useEnvironment } from '#components/ui/environment.tsx';
import { slosQuery } from '#lib/slo/queries.ts';

const most = 20;

/** SLOs of the environment, for ⌘K: by name, service or owner, the worst first. */
export function useSloSearch(): void {
  const client = useQueryClient();
  const { current } = useEnvironment();
  const provider = useMemo<CommandProvider>(
    () => ({
      id: 'slos',
      search: async (text) => {
        const { items } = await client.ensureQueryData(slosQuery(current.name));
        const words = text.toLowerCase().split(/\s+/).filter(Boolean);
        return items
          .filter(({ name, displayName, service, owner }) => {
            const all = `${name} ${displayName} ${service} ${owner ?? ''}`.toLowerCase();
            return words.every((word) => all.includes(word));
          })
          .slice(0, words.length > 0 ? most : 5)
          .map(({ name, displayName, state, figures }) => ({
            id: `slo.${name}`,
            title: displayName,
            group: 'SLOs',
            hint:
              figures?.budgetLeft == null
                ? stateWord[state]
                : `${stateWord[state]}, ${budgetText(figures.budgetLeft)} left`,
            href: sloHref(name),
          }));
      },
    }),
    [client, current.name],
  );
  useCommandProvider(provider);
}
