import type { OpenAPIHono } from '@hono/zod-openapi';
import { cookieNames } from '#lib/auth/index.ts';
import { errorCodes } from '#lib/core/errors.ts';
import { once } from '#lib/core/registry.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

const base = '/api/v1';

const problem = {
  type: 'object' as const,
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' as const },
    title: { type: 'string' as const },
    status: { type: 'integer' as const },
    code: { type: 'string' as const, enum: Object.keys(errorCodes) },
    detail: { type: 'string' as const, description: 'A sentence for the person.' },
    requestId: { type: 'string' as const },
    errors: {
      type: 'array' as const,
      items: {
        type: 'object' as const,
        required: ['path', 'code', 'message'],
        properties: {
          path: { type: 'string' as const, description: 'Which field, as `a.b[0]`.' },
          code: { type: 'string' as const },
          message: { type: 'string' as const, description: 'What is wrong and what would be right.' },
          line: { type: 'integer' as const, description: 'Of a document that was sent, from 1.' },
          column: { type: 'integer' as const },
        },
      },
    },
  },
};

const description = `Whatever the console does, this does: the console uses it.

Authenticate with \`Authorization: Bearer qd_…\` or with the browser's session (then changes need an \`Origin\` of this console).
Errors are problem+json with a stable \`code\`. Lists give \`{items, nextCursor}\`; send \`cursor\` and \`limit\` (1 to 500).
\`Idempotency-Key\` is honoured on POST for 24 hours. Times are RFC 3339 in UTC, ratios 0 to 1, durations carry their unit in their name.`;

/** The OpenAPI 3.1 document of the REST door. */
export function openApiDocument(app: OpenAPIHono): OpenApiDocument {
  return once('openapi', () => {
    app.openAPIRegistry.registerComponent('schemas', 'Problem', problem as never);
    app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
    app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
      type: 'apiKey',
      in: 'cookie',
      name: cookieNames().session,
    });
    const document = app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Quarterdeck',
        version: '1',
        description,
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: base }],
    });
    // Hono writes its base into every path; a client would then find it there and in the server's address.
    const below = Object.entries(document.paths ?? {}).map(([path, item]) => [path.replace(base, ''), item]);
    return { ...document, paths: Object.fromEntries(below) };
  });
}
