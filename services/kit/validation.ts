import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import * as z from 'zod';
import { type FieldError, invalidFields, Problem } from './problem.ts';

/** Text of a person: trimmed, bounded, without control characters (Postgres refuses NUL). */
export const text = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min, min === 1 ? 'must not be empty' : `must have at least ${min} characters`)
    .max(max, `must have at most ${max} characters`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'must not contain control characters');

/** An integer in a query string. */
export const queryInteger = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be an integer')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** The opaque id of a thing in a path; what does not look like one does not exist. */
export const pathId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** Types a handler's body, query and parameters by the zod schemas of its route. */
export interface ZodTypes extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: unknown;
}

/** Fields of a failed parse, with paths such as `items[0].quantity`. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = pathOf(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: path ? `${path}.${key}` : key,
        code: 'unknown_field',
        message: 'is not a known field',
      }));
    }
    return [{ path, code: issue.code, message: issue.message }];
  });
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text ? `${text}.${String(key)}` : String(key);
  }, '');
}

/** Lets a route's schema be zod: 400 names the fields, an id in the path that cannot exist is a 404. */
export const zodValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  return (data) => {
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    if (httpPart === 'params') {
      return { error: new Problem(404, 'request.not_found', 'There is nothing with such an id.') };
    }
    return { error: invalidFields(fieldErrors(result.error)) };
  };
};
