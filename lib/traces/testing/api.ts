import type { Actor } from '#lib/core/actor.ts';
import { createApi } from '#lib/http/index.ts';
import { routes } from '../routes.ts';

const viewer: Actor = {
  kind: 'person',
  id: '00000000-0000-7000-8000-000000000001',
  name: 'Viewer',
  role: 'viewer',
  scope: { access: 'write', services: 'all', environments: 'all' },
};
const token = (name: string, scope: Partial<Extract<Actor, { kind: 'token' }>['scope']>): Actor => ({
  kind: 'token',
  id: '00000000-0000-7000-8000-000000000002',
  name,
  ownerId: viewer.id,
  role: 'viewer',
  scope: { access: 'read', services: 'all', environments: 'all', ...scope },
});

export const actors = {
  viewer,
  admin: { ...viewer, role: 'admin' } as Actor,
  staging: token('Staging only', { environments: ['staging'] }),
  production: token('Production only', { environments: ['production'] }),
  payment: token('Payment only', { services: ['payment'] }),
  shop: token('Three services', { services: ['gateway', 'order', 'payment'] }),
};

/** The REST routes of this room alone, asked by one of `actors`. */
export function apiOf() {
  const api = createApi(routes, {
    authenticate: async (request) => ({
      actor: actors[(request.headers.get('authorization') ?? 'viewer') as keyof typeof actors],
      cookie: false,
    }),
    authorize: async () => {},
    refused: async () => {},
    publicUrl: 'http://localhost',
    trustedProxies: [],
  });
  return async (path: string, as: keyof typeof actors = 'viewer') => {
    const response = await api.request(`/api/v1${path}`, { headers: { authorization: as } });
    const text = await response.text();
    return { status: response.status, text, body: text === '' ? null : JSON.parse(text) };
  };
}
