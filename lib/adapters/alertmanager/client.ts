import type * as z from 'zod';
import { AlertmanagerError, isAlertmanagerError } from './errors.ts';
import { matcherText } from './matchers.ts';
import type {
  Alertmanager,
  AlertmanagerSource,
  CallOptions,
  Member,
  NewSilence,
  Silence,
  SilenceMatcher,
} from './port.ts';
import { askMember, type MemberConfig, type Question } from './transport.ts';
import * as wire from './wire.ts';

/** One Alertmanager or the members of one cluster. Makes no call until it is asked something. */
export function createAlertmanager(source: AlertmanagerSource): Alertmanager {
  const members = source.members.map((member) => configOf(member, source));
  let answeredLast = 0;

  /** Asks one member after the other, the one that answered last first, until one answers or refuses the question. */
  async function ask<T>(
    question: Question<T>,
    { signal }: CallOptions = {},
    beforeNext?: (failed: AlertmanagerError, next: MemberConfig) => Promise<T | undefined>,
  ): Promise<T> {
    const failures: AlertmanagerError[] = [];
    for (let turn = 0; turn < members.length; turn++) {
      const index = (answeredLast + turn) % members.length;
      const member = members[index] as MemberConfig;
      try {
        const failed = failures.at(-1);
        const found = failed && beforeNext ? await beforeNext(failed, member) : undefined;
        const answer = found ?? (await askMember(member, question, signal));
        answeredLast = index;
        return answer;
      } catch (error) {
        if (!isAlertmanagerError(error) || !error.isOutage) throw error;
        failures.push(error);
      }
    }
    throw together(failures);
  }

  const read = <T>(path: string, schema: z.ZodType<T>, params?: URLSearchParams, options?: CallOptions) =>
    ask({ path, params, schema }, options);

  const silence = async (id: string, options?: CallOptions): Promise<Silence | null> => {
    if (!/^[\w-]+$/.test(id)) return null;
    const question: Question<Silence | null> = {
      path: `silence/${encodeURIComponent(id)}`,
      schema: wire.silence,
      absent: null,
    };
    try {
      return await ask(question, options);
    } catch (error) {
      // An id that cannot be one is refused rather than not found.
      if (isAlertmanagerError(error) && error.kind === 'invalid') return null;
      throw error;
    }
  };

  return {
    alerts({ matchers = [], ...options } = {}) {
      return read('alerts', wire.heldAlerts, everything(matchers), options);
    },
    groups(options) {
      return read('alerts/groups', wire.alertGroups, new URLSearchParams(shown), options);
    },
    async silences(options) {
      const list = await read('silences', wire.silences, undefined, options);
      return list.sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
    },
    silence,
    async putSilence(wanted, options) {
      const question: Question<string | null> = {
        path: 'silences',
        method: 'POST',
        body: wanted,
        schema: wire.put,
        absent: null,
      };
      const id = await ask(question, options, async ({ kind }, next) => {
        // One that was never reached has done nothing; what another did shows on the next by gossip.
        if (kind === 'unreachable' || kind === 'refused') return undefined;
        const list = await askMember(next, { path: 'silences', schema: wire.silences }, options?.signal);
        return list.find((one) => one.state !== 'expired' && sameSilence(one, wanted))?.id;
      });
      if (id === null) throw new AlertmanagerError('invalid', 'Alertmanager has no such silence (any more).');
      return id;
    },
    async expireSilence(id, options) {
      const known = await silence(id, options);
      if (!known) return false;
      if (known.state !== 'expired') {
        await ask({ path: `silence/${encodeURIComponent(id)}`, method: 'DELETE', absent: undefined }, options);
      }
      return true;
    },
    members({ signal } = {}) {
      return Promise.all(
        members.map(async (member): Promise<Member> => {
          const { name, url } = member;
          try {
            const told = await askMember(member, { path: 'status', schema: wire.status }, signal);
            return { name, url, state: 'ok', ...told, error: null };
          } catch (error) {
            if (!isAlertmanagerError(error)) throw error;
            return { name, url, state: 'failing', version: null, cluster: null, error: error.detail };
          }
        }),
      );
    },
  };
}

const shown = { active: 'true', silenced: 'true', inhibited: 'true' };

function everything(matchers: readonly SilenceMatcher[]): URLSearchParams {
  const params = new URLSearchParams({ ...shown, unprocessed: 'true' });
  for (const matcher of matchers) params.append('filter', matcherText(matcher));
  return params;
}

/** Whether two silences say the same, whoever holds them. */
export function sameSilence(a: NewSilence, b: NewSilence): boolean {
  const said = ({ matchers, endsAt, createdBy, comment }: NewSilence) =>
    JSON.stringify([matchers.map(matcherText).sort(), Date.parse(endsAt), createdBy, comment]);
  return said(a) === said(b);
}

/** The failure of all members as one: what the first of them is, and how many there are. */
function together(failures: readonly AlertmanagerError[]): AlertmanagerError {
  const first = failures[0] ?? new AlertmanagerError('unreachable', 'No Alertmanager is configured.');
  if (failures.length < 2) return first;
  const detail = `None of the ${failures.length} members of Alertmanager answers. ${failures.map((one) => one.detail).join(' ')}`;
  return new AlertmanagerError(first.kind, detail, { cause: first });
}

function configOf(
  { name, url }: AlertmanagerSource['members'][number],
  { token, tenant, timeoutMs }: AlertmanagerSource,
): MemberConfig {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const basic = username ? btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`) : null;
  return {
    name,
    url: address.toString().replace(/\/+$/, ''),
    timeoutMs,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : basic ? { Authorization: `Basic ${basic}` } : {}),
      ...(tenant ? { 'X-Scope-OrgID': tenant } : {}),
    },
  };
}
