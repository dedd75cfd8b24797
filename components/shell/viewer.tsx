'use client';
import { createContext, type ReactNode, use } from 'react';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import type { Verb } from '#lib/core/define-verb.ts';

/** Who looks at the page. */
export interface Viewer {
  name: string;
  role: Role;
}

const Context = createContext<Viewer | null>(null);

/** Says below who looks at the page, so that buttons know whether they may be pressed. */
export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <Context value={viewer}>{children}</Context>;
}

/** Who looks at the page. */
export function useViewer(): Viewer {
  const viewer = use(Context);
  if (!viewer) throw new Error('useViewer needs a ViewerProvider above it');
  return viewer;
}

/** Why whoever looks may not do it, as a sentence; null where they may. The API weighs it again. */
export function useRefusal({ role: least }: Pick<Verb, 'role'>): string | null {
  const { role } = useViewer();
  return least === 'anyone' || roleAtLeast(role, least) ? null : `needs the role ${least}; yours is ${role}`;
}
