export { createApi, type Door } from './api.ts';
export { clientAddress, peerHeader } from './client-address.ts';
export { requireOrigin } from './origin.ts';
export { decodeCursor, encodeCursor, toPage } from './pagination.ts';
export { problemResponse, toAppError } from './problem.ts';
export { bearerOf, parseJson, readBody } from './request.ts';
export { defineRoute, type RouteDefinition } from './route.ts';
export { type HubRules, StreamHub } from './stream-hub.ts';
