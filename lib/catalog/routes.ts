import { defineRoute } from '#lib/http/index.ts';
import { catalog } from './load-catalog.ts';
import { catalogAnswer } from './schemas.ts';
import { sourceRoutes } from './source-routes.ts';
import { seeCatalog } from './verbs.ts';

export const routes = [
  defineRoute({
    method: 'get',
    path: '/catalog',
    verb: seeCatalog,
    tag: 'Catalog',
    summary: 'Who owns which service, as the catalogue files say, and what is wrong with them',
    description: 'Files of QD_CATALOG_DIR in our own format or as Backstage Components; read again when they change.',
    response: catalogAnswer,
    handle: async () => {
      const { entries, problems } = catalog();
      return { items: entries, nextCursor: null, problems };
    },
  }),
  ...sourceRoutes,
];
