import type * as z from 'zod';
import { AlertmanagerError, connectionError, isAlertmanagerError, statusError } from './errors.ts';
import { read } from './wire.ts';

/** One member of the cluster and how it is asked. */
export interface MemberConfig {
  name: string;
  /** Without credentials and without a slash at its end. */
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
}

export interface Question<T> {
  /** Below `/api/v2`. */
  path: string;
  params?: URLSearchParams;
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  /** What the answer must be; absent where it has none. */
  schema?: z.ZodType<T>;
  /** What a 404 stands for, where it is an answer. */
  absent?: T;
}

const mostBytes = 64 * 1024 * 1024;

/** Asks one member. Rejects with `AlertmanagerError`, or with the reason of `signal`. */
export async function askMember<T>(member: MemberConfig, question: Question<T>, signal?: AbortSignal): Promise<T> {
  const address = new URL(`${member.url}/api/v2/${question.path}`);
  if (question.params) address.search = question.params.toString();
  const { host } = address;
  const late = AbortSignal.timeout(member.timeoutMs);
  try {
    const response = await fetch(address, {
      method: question.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(question.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...member.headers,
      },
      body: question.body === undefined ? undefined : JSON.stringify(question.body),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    const body = await readText(response, host);
    // A proxy's 404 is a page; Alertmanager's own has JSON or nothing.
    const own = !/text\/html|text\/plain/.test(response.headers.get('content-type') ?? '');
    if (response.status === 404 && 'absent' in question && own) return question.absent as T;
    if (!response.ok) throw statusError(response.status, body, host);
    if (!question.schema) return undefined as T;
    return read(question.schema, body, response.headers.get('content-type') ?? '', host);
  } catch (error) {
    signal?.throwIfAborted();
    if (isAlertmanagerError(error)) throw error;
    if (late.aborted) {
      const seconds = Math.round(member.timeoutMs / 100) / 10;
      throw new AlertmanagerError('timeout', `Alertmanager at ${host} gave no whole answer within ${seconds} s.`, {
        cause: error,
      });
    }
    throw connectionError(error, host);
  }
}

async function readText(response: Response, host: string): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new AlertmanagerError('too_large', `${host} sent more than 64 MB.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
