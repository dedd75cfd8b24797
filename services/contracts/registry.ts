import * as z from 'zod';

export const registryHeartbeatSchema = z.object({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
  version: z.string(),
  ready: z.boolean(),
});

export const registryListSchema = z.object({
  services: z.record(z.string(), z.array(registryHeartbeatSchema.extend({ instanceId: z.string() }))),
});

export type RegistryHeartbeat = z.infer<typeof registryHeartbeatSchema>;
export type RegistryList = z.infer<typeof registryListSchema>;
