import type { Part } from '../stack/part.ts';
import { alertmanager } from './alertmanager.ts';
import { consoleBuild, webConsole } from './console.ts';
import { database } from './database.ts';
import { fleet, traffic } from './fleet.ts';
import { history, historyMarkers } from './history.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { receiver } from './receiver.ts';
import { redis } from './redis.ts';
import { supervisor } from './supervisor.ts';
import { worker } from './worker.ts';

/** The parts of the one-machine stack, in the order in which they come up. */
export const parts: readonly Part[] = [
  postgres,
  redis,
  history,
  prometheus,
  alertmanager,
  database,
  consoleBuild,
  receiver,
  supervisor,
  fleet,
  traffic,
  worker,
  webConsole,
  historyMarkers,
];
