export { createApi, type Door, requireOrigin } from './api.ts';
export { decodeCursor, encodeCursor, type Page, pageOf, pageQuery, toPage } from './pagination.ts';
export { problemResponse, toAppError } from './problem.ts';
export { clientAddress, parseJson, readBody } from './request.ts';
export { defineRoute, type RouteDefinition } from './route.ts';
