import type * as z from 'zod';
import { config } from '#lib/core/config.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError, parseInput } from '#lib/core/errors.ts';
import { authorize } from '#lib/facts/index.ts';
import { readOpenSlo, writeOpenSlo } from './openslo/index.ts';
import { type sloRendered, sloRenderInput } from './schemas.ts';
import { previewSlo } from './verbs.ts';

/** A definition of the editor's form as OpenSLO; `slo.invalid` with every field that cannot be kept. */
export async function renderSlo({
  ctx,
  input,
}: {
  ctx: Context;
  input: unknown;
}): Promise<z.infer<typeof sloRendered>> {
  await authorize(ctx, previewSlo);
  const { definition } = parseInput(sloRenderInput, input ?? {});
  const source = writeOpenSlo(definition);
  const { problems } = readOpenSlo(source, { defaultEnvironment: config().QD_DEFAULT_ENVIRONMENT });
  const errors = problems.filter(({ level }) => level === 'error');
  const [first] = errors;
  if (!first) return { source };
  throw new AppError('slo.invalid', `${first.path}: ${first.message}`, {
    errors: errors.map(({ path, code, message }) => ({ path, code, message })),
  });
}
