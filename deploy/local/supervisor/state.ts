import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

const shape = z.object({
  desired: z.record(z.string(), z.int().min(0)).default({}),
  ports: z.record(z.string(), z.int()).default({}),
});

export type StateStore = {
  desired(service: string): number | undefined;
  setDesired(service: string, replicas: number): void;
  port(replicaId: string): number | undefined;
  setPort(replicaId: string, port: number): void;
};

/** What the supervisor remembers over a restart: desired replicas, and the port of each replica. */
export function openState(file: string): StateStore {
  let state: z.infer<typeof shape> = { desired: {}, ports: {} };
  try {
    state = shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Absent or damaged: the defaults of the configuration hold.
  }
  const save = () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    desired: (service) => state.desired[service],
    setDesired: (service, replicas) => {
      state.desired[service] = replicas;
      save();
    },
    port: (replicaId) => state.ports[replicaId],
    setPort: (replicaId, port) => {
      if (state.ports[replicaId] === port) return;
      state.ports[replicaId] = port;
      save();
    },
  };
}
