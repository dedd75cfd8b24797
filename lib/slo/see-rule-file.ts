import { stringify } from 'yaml';
import { inScope } from '#lib/core/actor.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import { sha256 } from '#lib/core/hash.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { rulesWithout } from './check-rule-file.ts';
import { findSlo, type SloAddress } from './find-slo.ts';
import { ruleFileName } from './rule-file.ts';
import { ruleOptions } from './rule-options.ts';
import { readRules } from './rule-store.ts';
import type { GeneratedRules } from './rules/generate.ts';
import type { SetAside } from './rules/model.ts';
import { groupsToYaml } from './rules/yaml.ts';
import type { RulesStatus } from './schemas.ts';
import { type StoredSlo, selectSlos } from './store.ts';
import * as verbs from './verbs.ts';

export type RuleFormat = 'yaml' | 'prometheusrule';

/** The rule file of all SLOs that whoever asks reaches, or the same as a resource of the Prometheus operator. */
export async function seeRuleFile(ctx: Context, request: Request, format: RuleFormat): Promise<Response> {
  await authorize(ctx, verbs.seeRules);
  const actor = requireActor(ctx);
  const slos = (await selectSlos(db())).filter(({ environment, service }) => inScope(actor, environment, service));
  const made = await rulesAsWritten(slos);
  const text = format === 'yaml' ? made.yaml : prometheusRule(made);
  return yamlAnswer(ctx, request, text, format === 'yaml' ? ruleFileName : 'quarterdeck-slo-prometheusrule.yml');
}

/** The rules of one SLO. */
export async function seeRulesOf(ctx: Context, request: Request, address: SloAddress): Promise<Response> {
  await authorize(ctx, verbs.seeRules);
  const slo = await findSlo(ctx, verbs.seeRules, address);
  const made = await rulesAsWritten([slo]);
  const own = made.groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => made.ownerOf(rule)) }))
    .filter(({ rules }) => rules.length > 0);
  const [reason] = made.setAside.map(({ reason }) => `# There are no rules for it. ${oneLine(reason)}\n`);
  return yamlAnswer(ctx, request, reason ?? groupsToYaml(own), `${slo.name}-rules.yml`);
}

/** How the rule file is, with those set aside that whoever asks reaches. */
export async function seeRulesStatus(ctx: Context): Promise<RulesStatus> {
  await authorize(ctx, verbs.seeRules);
  const actor = requireActor(ctx);
  const [rules, slos] = await Promise.all([readRules(db()), selectSlos(db())]);
  const services = new Map(
    slos.map(({ environment, name, service }) => [JSON.stringify([environment, name]), service]),
  );
  const isReached = ({ environment, name }: SetAside) => {
    const service = services.get(JSON.stringify([environment, name]));
    return service !== undefined && inScope(actor, environment, service);
  };
  return {
    state: rules.state,
    detail: rules.detail ?? 'The worker has not written any rules yet.',
    hash: rules.hash,
    writtenAt: rules.writtenAt?.toISOString() ?? null,
    loadedAt: rules.loadedAt?.toISOString() ?? null,
    checkedAt: rules.checkedAt?.toISOString() ?? null,
    setAside: rules.setAside.filter(isReached).map(({ environment, name, reason }) => ({ environment, name, reason })),
  };
}

/** As the worker makes them: with the same windows from recordings, and without those that Prometheus refused. */
async function rulesAsWritten(slos: readonly StoredSlo[]): Promise<GeneratedRules> {
  const { recorded, setAside } = await readRules(db());
  const isAmong = (one: SetAside) =>
    slos.some(({ environment, name }) => one.environment === environment && one.name === name);
  const refused = setAside.filter((one) => !one.isRunning && isAmong(one)).map(({ isRunning: _, ...rest }) => rest);
  return rulesWithout(slos, refused, ruleOptions(recorded));
}

function prometheusRule({ groups, hash }: GeneratedRules): string {
  const head = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: 'quarterdeck-slo',
      labels: { 'app.kubernetes.io/name': 'quarterdeck', 'app.kubernetes.io/component': 'slo-rules' },
      annotations: { 'quarterdeck/rules-hash': hash },
    },
  };
  return `${stringify(head)}spec:\n${groupsToYaml(groups, '  ')}`;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function yamlAnswer(ctx: Context, request: Request, text: string, file: string): Response {
  const etag = `"${sha256(text).slice(0, 24)}"`;
  const headers = {
    etag,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'x-request-id': ctx.requestId,
  };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(request.method === 'HEAD' ? null : text, {
    headers: {
      ...headers,
      'content-type': 'application/yaml; charset=utf-8',
      'content-disposition': `attachment; filename="${file}"`,
    },
  });
}
