import { queryOptions } from '@tanstack/react-query';
import { ApiError } from '#lib/core/fetch-json.ts';

interface Address {
  environment: string;
  name: string;
}

/** The address of an SLO, or of something below it, at the REST door. */
export const sloApi = ({ environment, name }: Address, rest = ''): string =>
  `/api/v1/slos/${encodeURIComponent(name)}${rest}?${new URLSearchParams({ env: environment })}`;

/** A text of the REST door; throws `ApiError` with the reason. */
async function getText(url: string, signal: AbortSignal): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { signal, headers: { accept: 'application/yaml, application/problem+json' } });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError(0, 'network', 'The console does not answer. Is it running, and are you online?');
  }
  const text = await response.text();
  if (response.ok) return text;
  const problem = readProblem(text);
  throw new ApiError(
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? `The console answered ${response.status}.`,
  );
}

function readProblem(text: string): { code?: string; detail?: string } {
  try {
    return (JSON.parse(text) as { code?: string; detail?: string } | null) ?? {};
  } catch {
    return {};
  }
}

/** A YAML text of an SLO: its generated `rules`, or its definition as `openslo`. */
export const sloYamlQuery = (slo: Address, what: 'rules' | 'openslo') =>
  queryOptions({
    queryKey: ['slos', slo.environment, 'one', slo.name, what],
    queryFn: ({ signal }) => getText(sloApi(slo, `/${what}`), signal),
    staleTime: 10_000,
  });
