import { sendJson } from '#lib/core/fetch-json.ts';
import type { SloDefinition, SloPreview, SloValidation } from '#lib/slo/schemas.ts';

const path = '/api/v1/slos';

/** What is wrong with a text, and what it would mean. `name` is the SLO that is being changed. */
export const validate = (source: string, name: string | undefined, signal: AbortSignal) =>
  sendJson<SloValidation>('POST', `${path}/validate`, { source, ...(name && { name }) }, { signal });

/** A definition as OpenSLO. */
export const render = async (definition: SloDefinition, signal: AbortSignal): Promise<string> =>
  (await sendJson<{ source: string }>('POST', `${path}/render`, { definition }, { signal })).source;

/** The text replayed on so many days of history. */
export const replay = (source: string, days: number, signal?: AbortSignal) =>
  sendJson<SloPreview>('POST', `${path}/preview`, { source, days }, { signal });
