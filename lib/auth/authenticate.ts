import { type Actor, fullScope, lesserRole, type Role, type Scope } from '#lib/core/actor.ts';
import { sha256 } from '#lib/core/hash.ts';
import { log } from '#lib/core/log.ts';
import { once } from '#lib/core/registry.ts';
import { db, isUnavailable } from '#lib/db/index.ts';
import { bearerOf } from '#lib/http/index.ts';
import { readSession } from './session.ts';
import { selectPerson, selectTokenByHash, touchToken } from './store.ts';

export interface Authenticated {
  actor: Actor;
  cookie: boolean;
}

const graceMs = 60_000;
const noteUseEveryMs = 60_000;
const recent = () => once('auth-recent', () => new Map<string, { found: Authenticated; at: number }>());

/**
 * Who sends a request, looked up anew each time, so that disabling a person, ending sessions or revoking a token
 * works at once. While Postgres is away, whoever was known within the last minute may still read.
 */
export async function authenticate(request: Request): Promise<Authenticated | null> {
  const bearer = bearerOf(request.headers);
  const cookies = request.headers.get('cookie');
  if (!bearer && !cookies) return null;
  const key = sha256(bearer ?? cookies ?? '');
  try {
    const found = bearer ? await byToken(bearer) : await bySession(cookies);
    if (found) remember(key, found);
    else recent().delete(key);
    return found;
  } catch (error) {
    const known = recent().get(key);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isUnavailable(error) && isRead && known && Date.now() - known.at < graceMs) return known.found;
    throw error;
  }
}

function remember(key: string, found: Authenticated): void {
  if (recent().size > 5_000) recent().clear();
  recent().set(key, { found, at: Date.now() });
}

async function bySession(cookies: string | null): Promise<Authenticated | null> {
  const session = await readSession(cookies);
  if (!session) return null;
  const person = await selectPerson(db(), session.personId);
  if (!person || person.disabledAt || person.sessionVersion !== session.sessionVersion) return null;
  const { id, name } = person;
  return { actor: { kind: 'person', id, name, role: person.role as Role, scope: fullScope }, cookie: true };
}

async function byToken(secret: string): Promise<Authenticated | null> {
  const token = await selectTokenByHash(db(), sha256(secret));
  if (!token || token.revokedAt || token.owner.disabledAt) return null;
  if (token.expiresAt && token.expiresAt <= new Date()) return null;
  if (!token.lastUsedAt || Date.now() - token.lastUsedAt.getTime() > noteUseEveryMs) {
    touchToken(db(), token.id).catch((error: unknown) => log().warn({ err: error }, 'use of a token was not noted'));
  }
  const role = lesserRole(token.role as Role, token.owner.role as Role);
  const { id, name, ownerId } = token;
  return { actor: { kind: 'token', id, name, ownerId, role, scope: token.scope as unknown as Scope }, cookie: false };
}
