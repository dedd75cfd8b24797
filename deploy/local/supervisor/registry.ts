export type Registration = { instanceId: string; host: string; port: number; version: string; ready: boolean };

export type Registry = {
  heartbeat(service: string, registration: Registration): void;
  leave(service: string, instanceId: string): boolean;
  all(): Record<string, Registration[]>;
};

export const registrationTtlMs = 10_000;

/** Who answers for which service. A registration that is not renewed within its time to live is forgotten. */
export function createRegistry(now: () => number = Date.now, ttlMs: number = registrationTtlMs): Registry {
  const services = new Map<string, Map<string, Registration & { expiresAt: number }>>();

  function sweep(): void {
    const at = now();
    for (const [service, instances] of services) {
      for (const [instanceId, { expiresAt }] of instances) if (expiresAt <= at) instances.delete(instanceId);
      if (instances.size === 0) services.delete(service);
    }
  }

  return {
    heartbeat: (service, registration) => {
      sweep();
      const instances = services.get(service) ?? new Map();
      instances.set(registration.instanceId, { ...registration, expiresAt: now() + ttlMs });
      services.set(service, instances);
    },
    leave: (service, instanceId) => services.get(service)?.delete(instanceId) ?? false,
    all: () => {
      sweep();
      return Object.fromEntries(
        [...services].map(([service, instances]) => [
          service,
          [...instances.values()].map(({ expiresAt: _, ...registration }) => registration),
        ]),
      );
    },
  };
}
