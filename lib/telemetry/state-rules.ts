/**
 * One of these, never just good and bad. The order is how much it hurts. Apart from the schemas, so that the browser
 * sorts without them.
 */
export const serviceStates = ['failing', 'slow', 'no_data', 'stale', 'no_traffic', 'ok'] as const;
export type ServiceState = (typeof serviceStates)[number];
