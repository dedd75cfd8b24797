import * as z from 'zod';
import { provenance } from './schemas.ts';
import { serviceStates } from './state-rules.ts';

const ratio = z.number().min(0).max(1);

/** What stands at the end of an edge. */
export const nodeKinds = ['service', 'client', 'database', 'messaging', 'external'] as const;
export type NodeKind = (typeof nodeKinds)[number];

const figures = {
  /** Requests per second. */
  rate: z.number(),
  /** Failed requests by all; null without traffic. */
  errorRatio: ratio.nullable(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
};

export const mapNode = z.object({
  /** Unique in the map; the name of a service, or kind and name of the rest. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(nodeKinds),
  /** What it measures itself now, where it does, as on the list of services; else summed over its callers. */
  ...figures,
  /** As on the list of services; null for what is not a service of ours, and in the past. */
  state: z.enum(serviceStates).nullable(),
  owner: z.string().nullable(),
});
export type MapNode = z.infer<typeof mapNode>;

export const mapEdge = z.object({
  /** Ids of nodes: who calls, who is called. */
  from: z.string(),
  to: z.string(),
  ...figures,
  /** Where the durations were measured. */
  side: z.enum(['server', 'client']),
  /** Goes through a queue or topic: the caller does not wait. */
  isAsync: z.boolean(),
});
export type MapEdge = z.infer<typeof mapEdge>;

export const serviceMap = provenance.extend({
  environment: z.string(),
  from: z.string(),
  to: z.string(),
  /** Over how long the figures are averaged: the last of it up to `to`. What called whom is of the whole range. */
  windowMs: z.number(),
  nodes: z.array(mapNode),
  edges: z.array(mapEdge),
  /** What the map does not show, as sentences: without a service graph it says where one comes from. */
  notes: z.array(z.string()),
});
export type ServiceMap = z.infer<typeof serviceMap>;
