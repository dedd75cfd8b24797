import * as z from 'zod';
import { config } from '#lib/core/config.ts';
import { defineRoute, type RouteDefinition } from '#lib/http/index.ts';
import { rulesStatus, sloName } from './schemas.ts';
import { seeRuleFile, seeRulesOf, seeRulesStatus } from './see-rule-file.ts';
import * as verbs from './verbs.ts';

const sloParams = z.object({ slo: sloName });
const environmentQuery = z.object({ env: z.string().optional() });
const formatQuery = z.object({
  format: z.enum(['yaml', 'prometheusrule'], 'must be yaml or prometheusrule').default('yaml'),
});

/** Generated rules and the preview of a definition. */
export const ruleRoutes: RouteDefinition[] = [
  defineRoute({
    method: 'get',
    path: '/slos/rules',
    verb: verbs.seeRules,
    tag: 'SLOs',
    summary: 'The Prometheus rule file of all SLOs',
    description:
      'As `application/yaml`, with an ETag: recording rules and alerts, ready for `rule_files`. `format=prometheusrule` gives the same as a resource of the Prometheus operator. A limited token gets the rules of what it reaches.',
    query: formatQuery,
    handle: ({ ctx, request, query: { format } }) => seeRuleFile(ctx, request, format),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/rules/status',
    verb: verbs.seeRules,
    tag: 'SLOs',
    summary: 'Whether Prometheus runs the generated rules, and which SLOs are set aside',
    response: rulesStatus,
    handle: ({ ctx }) => seeRulesStatus(ctx),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/{slo}/rules',
    verb: verbs.seeRules,
    tag: 'SLOs',
    summary: 'The generated rules of one SLO, as YAML',
    params: sloParams,
    query: environmentQuery,
    handle: ({ ctx, request, params: { slo }, query: { env } }) =>
      seeRulesOf(ctx, request, { environment: env ?? config().QD_DEFAULT_ENVIRONMENT, name: slo }),
  }),
];
