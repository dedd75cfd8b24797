import * as alerts from '#lib/alerts/verbs.ts';
import * as auth from '#lib/auth/verbs.ts';
import * as catalog from '#lib/catalog/verbs.ts';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import * as facts from '#lib/facts/verbs.ts';
import * as logs from '#lib/logs/verbs.ts';
import * as overview from '#lib/overview/verbs.ts';
import * as slo from '#lib/slo/verbs.ts';
import * as telemetry from '#lib/telemetry/verbs.ts';
import * as traces from '#lib/traces/verbs.ts';

/** Every verb of every room: what ⌘K, the buttons and the keyboard help offer. Safe in the browser. */
export const verbs: Verb[] = [overview, catalog, telemetry, traces, logs, slo, alerts, facts, auth].flatMap((room) =>
  Object.values(room),
);

/** Verbs that a person can go to, with the reason where they may not. */
export function reachableVerbs(role: Role): { verb: Verb & { href: string }; refusedBecause: string | null }[] {
  return verbs.flatMap((verb) =>
    verb.href === undefined
      ? []
      : [
          {
            verb: { ...verb, href: verb.href },
            refusedBecause:
              verb.role === 'anyone' || roleAtLeast(role, verb.role)
                ? null
                : `needs the role ${verb.role}; yours is ${role}`,
          },
        ],
  );
}
