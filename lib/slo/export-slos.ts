import { inScope } from '#lib/core/actor.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import { db } from '#lib/db/index.ts';
import { authorize, weighScope } from '#lib/facts/index.ts';
import { findSlo, type SloAddress } from './find-slo.ts';
import { writeOpenSlo } from './openslo/index.ts';
import { selectSlos } from './store.ts';
import * as verbs from './verbs.ts';

/** All SLOs of an environment that whoever asks reaches, as one file of OpenSLO documents in our own form. */
export async function exportSlos({ ctx, environment }: { ctx: Context; environment: string }): Promise<Response> {
  await authorize(ctx, verbs.seeSlo);
  const actor = requireActor(ctx);
  await weighScope(ctx, verbs.seeSlo, { environment, services: [] });
  const slos = await selectSlos(db(), { environment });
  const documents = slos
    .filter(({ service }) => inScope(actor, environment, service))
    .map(({ definition }) =>
      writeOpenSlo(definition)
        .replace(/^---\n/, '')
        .trimEnd(),
    );
  return yamlFile(ctx, `slos-${environment}`, documents.length > 0 ? `${documents.join('\n---\n')}\n` : '# No SLOs.\n');
}

/** One SLO as OpenSLO: as it was written, or in our own form. */
export async function exportSlo({
  ctx,
  address,
  normalised,
}: {
  ctx: Context;
  address: SloAddress;
  normalised: boolean;
}): Promise<Response> {
  await authorize(ctx, verbs.seeSlo);
  const { name, definition, source } = await findSlo(ctx, verbs.seeSlo, address, { archived: true });
  return yamlFile(ctx, name, normalised ? writeOpenSlo(definition) : source);
}

function yamlFile({ requestId }: Context, name: string, text: string): Response {
  return new Response(text, {
    headers: {
      'content-type': 'application/yaml; charset=utf-8',
      'content-disposition': `attachment; filename="${name.replace(/[^\w.-]+/g, '-')}.yaml"`,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
  });
}
