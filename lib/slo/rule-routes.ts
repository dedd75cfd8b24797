import * as z from 'zod';
import { defineRoute, type RouteDefinition } from '#lib/http/index.ts';
import { environmentOf, environmentQuery } from '#lib/telemetry/index.ts';
import { openSloExample } from './definition-example.ts';
import { addressOf, sloParams, tag } from './definition-params.ts';
import { previewSlo } from './preview-slo.ts';
import { rulesStatus, sloPreview, sloPreviewInput } from './schemas.ts';
import { seeRuleFile, seeRulesOf, seeRulesStatus } from './see-rule-file.ts';
import * as verbs from './verbs.ts';

const ruleText = z.string().describe('Prometheus rules, as YAML.');
const formatQuery = z.object({
  format: z.enum(['yaml', 'prometheusrule'], 'must be yaml or prometheusrule').default('yaml'),
});

/** Generated rules and the preview of a definition. */
export const ruleRoutes: RouteDefinition[] = [
  defineRoute({
    method: 'get',
    path: '/slos/rules',
    verb: verbs.seeRules,
    tag,
    summary: 'The Prometheus rule file of all SLOs',
    description:
      'As `application/yaml`, with an ETag: recording rules and alerts, ready for `rule_files`. `format=prometheusrule` gives the same as a resource of the Prometheus operator. A limited token gets the rules of what it reaches.',
    query: formatQuery,
    response: ruleText,
    responseType: 'application/yaml',
    handle: ({ ctx, request, query: { format } }) => seeRuleFile(ctx, request, format),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/rules/status',
    verb: verbs.seeRules,
    tag,
    summary: 'Whether Prometheus runs the generated rules, and which SLOs are set aside',
    response: rulesStatus,
    handle: ({ ctx }) => seeRulesStatus(ctx),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/{slo}/rules',
    verb: verbs.seeRules,
    tag,
    summary: 'The generated rules of one SLO, as YAML',
    params: sloParams,
    query: environmentQuery,
    response: ruleText,
    responseType: 'application/yaml',
    handle: ({ ctx, request, params: { slo }, query: { env } }) => seeRulesOf(ctx, request, addressOf(slo, env)),
  }),
  defineRoute({
    method: 'post',
    path: '/slos/preview',
    verb: verbs.previewSlo,
    readsOnly: true,
    tag,
    summary: 'An SLO replayed on history before it is saved',
    description:
      'Its SLI, its budget and when its alerts would have fired in the last `days`, with what its rules cost. Figures come from `rate()` and are approximate. 503 while the metrics source does not answer. Of text that names no environment, `env` is meant.',
    query: environmentQuery,
    body: sloPreviewInput,
    example: { source: openSloExample, days: 7 },
    response: sloPreview,
    handle: ({ ctx, query: { env }, body }) => previewSlo({ ctx, environment: environmentOf(env), input: body }),
  }),
];
