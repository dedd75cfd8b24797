import { AppError, type FieldError } from '#lib/core/errors.ts';
import type { Transaction } from '#lib/db/index.ts';
import { type ReadSlo, readOpenSlo } from './openslo/index.ts';
import { selectPolicies } from './policy-store.ts';
import type { SloProblem } from './schemas.ts';

/** Every SLO of a text with all that is to be said of it, definitions as they come back from Postgres. */
export function readSlos(text: string, defaultEnvironment: string): { slos: ReadSlo[]; problems: SloProblem[] } {
  const { slos, problems } = readOpenSlo(text, { defaultEnvironment });
  const read = slos.map((slo): ReadSlo => ({ ...slo, definition: JSON.parse(JSON.stringify(slo.definition)) }));
  const refused = read.flatMap((slo) => (isStorable(slo) ? [] : [unstorable(slo)]));
  return { slos: read.filter(isStorable), problems: [...problems, ...refused] };
}

/** Postgres holds neither U+0000 nor half of a surrogate pair; escapes of YAML make both. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000');
  return typeof value !== 'object' || value === null || Object.entries(value).flat().every(isStorable);
}

const unstorable = ({ line, definition: { name } }: ReadSlo) =>
  problemAt(line, '', `${name} has the character U+0000 or half of a surrogate pair in a text; neither can be kept`);

/** The one SLO of a text; `slo.invalid` with every problem, each with its line, where there is not exactly one. */
export function readOneSlo(text: string, defaultEnvironment: string): ReadSlo & { warnings: SloProblem[] } {
  const { slos, problems } = readSlos(text, defaultEnvironment);
  const errors = problems.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw invalidSlo(errors);
  const [slo, another] = slos;
  if (!slo) throw invalidSlo([problemAt(null, '', 'has no document of kind SLO')]);
  if (another) {
    throw invalidSlo([problemAt(another.line, '', 'is a second SLO: send one, or import several at once')]);
  }
  return { ...slo, warnings: problems };
}

/** An error of a definition as `slo.invalid`. */
export function invalidSlo(problems: readonly SloProblem[]): AppError {
  const errors = problems.map(
    ({ path, code, message, line, column }): FieldError => ({
      path: path || 'source',
      code,
      message: [line === null ? '' : `line ${line}`, path, message].filter(Boolean).join(': '),
      ...(line !== null && { line }),
      ...(column !== null && { column }),
    }),
  );
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new AppError('slo.invalid', `${errors[0]?.message ?? 'It cannot be read'}${more}`, { errors });
}

export function problemAt(line: number | null, path: string, message: string, code = 'slo.invalid'): SloProblem {
  return { level: 'error', code, line, column: null, path, message };
}

/** What is wrong with the policy that a definition names: there is none of that name among `policies`. */
export function policyProblem({ definition, line }: ReadSlo, policies: readonly string[]): SloProblem | null {
  if (policies.includes(definition.policy)) return null;
  const message = `there is no policy “${definition.policy}”; there are ${policies.join(', ')}`;
  return problemAt(line, 'metadata.annotations', message, 'slo.policy_unknown');
}

/** Throws `slo.invalid` where a definition names a policy that there is not. */
export async function requirePolicy(tx: Transaction, read: ReadSlo): Promise<void> {
  const problem = policyProblem(read, await policyNames(tx));
  if (problem) throw invalidSlo([problem]);
}

export const policyNames = async (tx: Transaction) => (await selectPolicies(tx)).map(({ name }) => name);
