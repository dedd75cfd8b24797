'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { PageAnnouncer, useFiringPages } from '#components/alerts/alert-watch.tsx';
import { useCommandProvider } from '#components/shell/commands.tsx';
import { Frame } from '#components/shell/frame.tsx';
import { ShellProviders } from '#components/shell/providers.tsx';
import type { Command, CommandProvider, Person, SourceAge } from '#components/shell/types.ts';
import { type Viewer, ViewerProvider } from '#components/shell/viewer.tsx';
import { useEnvironment } from '#components/ui/environment.tsx';
import { sourcesQuery } from '#lib/catalog/source-queries.ts';
import { environmentsQuery, servicesQuery } from '#lib/telemetry/queries.ts';
import { useAlertSearch } from './alert-search.ts';
import { navigation } from './navigation.ts';
import { useSloSearch } from './slo-search.ts';
import { traceSearch } from './trace-search.ts';

export interface ConsoleFrameProps {
  person: Person & Viewer;
  commands: readonly Command[];
  defaultEnvironment: string;
  nowMs: number;
  zone: 'utc' | 'local';
  demo: boolean;
  children: ReactNode;
}

const aboutDemo =
  'This is the one-machine stack: real services under generated traffic, on this machine only. Nothing that you do here reaches anything else.';

/** The overview holds alerts, and alerts say what silences them. */
const follows = { alerts: ['overview'], silences: ['alerts'] };

/** The frame with what the rooms know: environments, sources, services to jump to. */
export function ConsoleFrame({ person, commands, defaultEnvironment, nowMs, zone, demo, children }: ConsoleFrameProps) {
  const environments = useQuery(environmentsQuery()).data;
  const known = useMemo(() => {
    const names = new Set([defaultEnvironment, ...(environments?.items.map((one) => one.name) ?? [])]);
    return [...names].map((name) => ({ name, production: /^prod/i.test(name) }));
  }, [environments, defaultEnvironment]);
  return (
    <ShellProviders environments={known} commands={commands} nowMs={nowMs} zone={zone} follows={follows}>
      <ViewerProvider viewer={person}>
        <FrameWithFreshness person={person} demo={demo}>
          {children}
        </FrameWithFreshness>
      </ViewerProvider>
    </ShellProviders>
  );
}

function FrameWithFreshness({ person, demo, children }: Pick<ConsoleFrameProps, 'person' | 'demo' | 'children'>) {
  const answer = useQuery(sourcesQuery()).data;
  const sources = useMemo<SourceAge[]>(
    () =>
      (answer?.items ?? [])
        .filter((one) => one.state !== 'absent')
        .map(({ id, name, state, lastSuccessAt, lastError }) => ({
          id,
          name,
          state: state === 'failing' ? 'down' : state === 'absent' ? 'unknown' : state,
          lastSuccessAt,
          detail: state === 'ok' ? undefined : (lastError ?? undefined),
        })),
    [answer],
  );
  const pages = useFiringPages()?.length ?? 0;
  const nav = useMemo(
    () => navigation.map((item) => (item.id === 'alerts' ? { ...item, badge: pages } : item)),
    [pages],
  );
  useServiceSearch();
  useSloSearch();
  useAlertSearch();
  useCommandProvider(traceSearch);
  return (
    <Frame
      nav={nav}
      person={person}
      sources={sources}
      sourcesHref="/settings/sources"
      demo={demo ? aboutDemo : undefined}
      onSignOut={signOut}
      onZone={keepZone}
    >
      {children}
      <PageAnnouncer />
    </Frame>
  );
}

/** Services of the environment, for ⌘K; the list that the screens already have, where they have it. */
function useServiceSearch(): void {
  const client = useQueryClient();
  const { current } = useEnvironment();
  const provider = useMemo<CommandProvider>(
    () => ({
      id: 'services',
      search: async (text) => {
        const { items } = await client.ensureQueryData(servicesQuery(current.name));
        const wanted = text.toLowerCase();
        return items
          .filter((one) => one.name.toLowerCase().includes(wanted))
          .slice(0, wanted ? 20 : 6)
          .map((one) => ({
            id: `service.${one.name}`,
            title: one.name,
            group: 'Services',
            hint: one.owner ?? undefined,
            href: `/services/${encodeURIComponent(one.name)}`,
          }));
      },
    }),
    [client, current.name],
  );
  useCommandProvider(provider);
}

function signOut(): void {
  void import('next-auth/react').then((auth) => auth.signOut({ callbackUrl: '/sign-in' }));
}

/** Kept in a cookie, so that the server draws times the same way on the next visit. */
function keepZone(zone: 'utc' | 'local'): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser
  document.cookie = `quarterdeck-zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}
