import type { OpenAPIHono } from '@hono/zod-openapi';
import { authenticate, trustedProxies } from '#lib/auth/index.ts';
import { config } from '#lib/core/config.ts';
import { once } from '#lib/core/registry.ts';
import { auditRefusal, authorize } from '#lib/facts/index.ts';
import { createApi } from '#lib/http/index.ts';
import { openApiDocument } from './openapi.ts';
import { referencePage } from './reference-page.ts';
import { routes } from './routes.ts';

/** Another one each time that this module, or what it imports, is loaded anew. */
const developed = Date.now();

/** The REST application below `/api/v1`. */
export function api(): OpenAPIHono {
  // While routes are being written, the process outlives them.
  const name = process.env.NODE_ENV === 'development' ? `api.${developed}` : 'api';
  return once(name, () => {
    const app = createApi(routes, {
      authenticate,
      authorize: async (ctx, verb) => {
        await authorize(ctx, verb);
      },
      refused: async (ctx, verb, error) => {
        if (ctx.actor && error.status === 403) await auditRefusal(ctx, ctx.actor, verb, error);
      },
      publicUrl: config().QD_PUBLIC_URL,
      trustedProxies: trustedProxies(),
    });
    app.get('/openapi.json', (c) => c.json(openApiDocument(app)));
    app.get('/docs', (c) => referencePage(c, openApiDocument(app)));
    return app;
  });
}
