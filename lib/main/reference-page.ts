import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import { errorCodes } from '#lib/core/errors.ts';
import { sha256Base64 } from '#lib/core/hash.ts';
import type { OpenApiDocument } from './openapi.ts';

interface Media {
  schema?: Schema;
  example?: unknown;
}

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  const?: unknown;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
}

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}

const style = `
:root{color-scheme:light dark;--ink:#14202b;--dim:#475664;--line:#dfe3e8;--sunk:#eef0f2;--bg:#fff;--brass:#8a5f10}
@media (prefers-color-scheme:dark){:root{--ink:#e4ecf3;--dim:#a6b5c2;--line:#22323f;--sunk:#0d1720;--bg:#111c26;--brass:#d9ab4e}}
body{font:14px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--bg);margin:0 auto;max-width:960px;padding:24px 16px 80px}
h1{font-size:22px;margin:0 0 8px}h2{font-size:17px;margin:40px 0 4px;border-bottom:1px solid var(--line);padding-bottom:4px}
h3{font-size:14px;margin:22px 0 4px;overflow-wrap:anywhere}p{margin:4px 0;color:var(--dim);max-width:70ch}
code,pre{font:12.5px/1.5 ui-monospace,monospace}pre{background:var(--sunk);border:1px solid var(--line);border-radius:5px;padding:8px 10px;overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:6px 0}th,td{text-align:left;vertical-align:top;padding:4px 10px 4px 0;border-bottom:1px solid var(--line)}
th{font-weight:560;color:var(--dim)}a{color:var(--brass)}.method{display:inline-block;min-width:52px;text-transform:uppercase}
.scroll{overflow-x:auto}`;

function typeOf(schema: Schema | undefined): string {
  if (!schema) return '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'any');
  if (type === 'array') return `${typeOf(schema.items)}[]`;
  const bounds = [
    schema.format,
    schema.minimum !== undefined && `≥ ${schema.minimum}`,
    schema.maximum !== undefined && `≤ ${schema.maximum}`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
  ].filter(Boolean);
  return bounds.length > 0 ? `${type} (${bounds.join(', ')})` : type;
}

const row = (name: string, required: boolean, schema: Schema, description = schema.description) =>
  html`<tr><td><code>${name}</code>${required ? '' : ' (optional)'}</td><td>${typeOf(schema)}</td><td>${description ?? ''}</td></tr>`;

const fields = (schema: Schema | undefined) =>
  schema?.properties
    ? html`<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>
${Object.entries(schema.properties).map(([name, inner]) => row(name, schema.required?.includes(name) ?? false, inner))}</tbody></table></div>`
    : '';

function operationBlock(path: string, method: string, operation: Operation) {
  const body = operation.requestBody?.content['application/json'];
  const success = Object.entries(operation.responses).find(([status]) => status !== 'default');
  return html`<h3 id="${operation.operationId}"><span class="method">${method}</span> <code>/api/v1${path}</code></h3>
<p>${operation.summary}. ${operation.description ?? ''}</p>
${
  operation.parameters?.length
    ? html`<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Parameter</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>
${operation.parameters.map((one) => row(one.name, one.required ?? false, one.schema, one.description))}</tbody></table></div>`
    : ''
}
${body ? html`<p>Send</p>${fields(body.schema)}` : ''}
${body?.example !== undefined ? html`<pre tabindex="0">${JSON.stringify(body.example, null, 2)}</pre>` : ''}
${success ? html`<p>Answers ${success[0]}</p>${fields(success[1].content?.['application/json']?.schema)}` : ''}`;
}

/** The reference as one page for people: no script, readable without a session. */
export function referencePage(c: Context, document: OpenApiDocument) {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? 'Other'))];
  c.header(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'sha256-${sha256Base64(style)}'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'`,
  );
  return c.html(html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Quarterdeck API</title><style>${raw(style)}</style></head>
<body><main><h1>Quarterdeck API</h1>
${(document.info.description ?? '').split('\n').map((line) => (line ? html`<p>${line.replaceAll('`', '')}</p>` : ''))}
<p><a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
<pre tabindex="0">curl -H "Authorization: Bearer $QD_TOKEN" https://your-console/api/v1/services</pre>
<nav aria-label="Sections"><p>${tags.map((tag) => html`<a href="#${tag}">${tag}</a> `)}<a href="#errors">Errors</a></p></nav>
${tags.map(
  (tag) => html`<section><h2 id="${tag}">${tag}</h2>
${operations
  .filter(({ operation }) => (operation.tags[0] ?? 'Other') === tag)
  .map(({ path, method, operation }) => operationBlock(path, method, operation))}</section>`,
)}
<section><h2 id="errors">Errors</h2><div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead><tbody>
${Object.entries(errorCodes).map(
  ([code, [status, title]]) =>
    html`<tr id="error-${code.replace('.', '-')}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
)}</tbody></table></div></section></main></body></html>`);
}
