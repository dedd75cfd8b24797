export { createApi, type Door, requireOrigin } from './api.ts';
export { decodeCursor, encodeCursor, toPage } from './pagination.ts';
export { problemResponse, toAppError } from './problem.ts';
export { clientAddress, parseJson, peerHeader, readBody } from './request.ts';
export { defineRoute, type RouteDefinition } from './route.ts';
export { type HubRules, StreamHub } from './stream-hub.ts';
