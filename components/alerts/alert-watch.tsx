'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { alertsQuery } from '#lib/alerts/queries.ts';
import type { Alert } from '#lib/alerts/schemas.ts';
import { alertTitle } from '#lib/alerts/title-rules.ts';
import { useEnvironment } from '../ui/environment.tsx';

const most = 100;

/** Pages of the environment that nobody has taken; undefined until it is known. */
export function useFiringPages(): readonly Alert[] | undefined {
  const { current } = useEnvironment();
  const query = useQuery({
    ...alertsQuery({ env: current.name, state: ['firing'], severity: 'page', limit: most }),
    retry: false,
  });
  return query.isPlaceholderData ? undefined : query.data?.items;
}

/** Tells a screen reader of pages that are new since the last look, on every page of the console. */
export function PageAnnouncer() {
  const pages = useFiringPages();
  const { current } = useEnvironment();
  const [said, setSaid] = useState('');
  const known = useRef<{ env: string; ids: ReadonlySet<string> }>(null);
  useEffect(() => {
    if (!pages) return;
    const before = known.current?.env === current.name ? known.current.ids : null;
    known.current = { env: current.name, ids: new Set(pages.map(({ id }) => id)) };
    const fresh = before ? pages.filter(({ id }) => !before.has(id)) : [];
    if (fresh.length > 0) setSaid(announcement(fresh));
  }, [pages, current.name]);
  return (
    <span className="sr" role="status">
      {said}
    </span>
  );
}

/** One sentence, however many came at once. */
export function announcement(fresh: readonly Pick<Alert, 'name' | 'slo' | 'labels'>[]): string {
  const [first, ...rest] = fresh;
  if (!first) return '';
  const more = rest.length === 0 ? '' : rest.length === 1 ? ', and 1 more page' : `, and ${rest.length} more pages`;
  return `New page: ${alertTitle(first)}${more}`;
}
