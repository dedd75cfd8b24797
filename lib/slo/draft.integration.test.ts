import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { makePerson, type TestPerson } from '#lib/auth/testing/accounts.ts';
import { fullScope, type Scope } from '#lib/core/actor.ts';
import { type Context, contextFor } from '#lib/core/context.ts';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { createSlo } from './create-slo.ts';
import { listTemplates } from './list-templates.ts';
import { readOpenSlo } from './openslo/index.ts';
import { renderSlo } from './render-slo.ts';
import type { SloDefinition } from './schemas.ts';
import { openSlo } from './testing/definitions.ts';
import { validateSlo } from './validate-slo.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const environment = 'production';
let done: () => Promise<void>;
let ada: TestPerson;
beforeAll(async () => {
  done = await useTestDatabase();
  ada = await makePerson('commander');
  setPrometheusSources([]);
});
afterAll(async () => {
  setPrometheusSources(null);
  await done();
});

const asAda = () => contextFor(ada.actor);
const token = (scope: Partial<Scope>): Context =>
  contextFor({
    kind: 'token',
    id: newId(),
    name: 'ci',
    ownerId: ada.id,
    role: 'viewer',
    scope: { ...fullScope, ...scope },
  });
const validate = (source: string, more: object = {}, ctx = asAda()) =>
  validateSlo({ ctx, environment, input: { source, ...more } });
const errors = async (work: ReturnType<typeof validate>) =>
  (await work).problems.filter(({ level }) => level === 'error').map(({ code }) => code);
const definitionOf = (source: string) =>
  readOpenSlo(source, { defaultEnvironment: environment }).slos[0]?.definition as SloDefinition;

describe('validating', () => {
  test('gives the definition with its tiers, also while there is no metrics source', async () => {
    const source = openSlo({ name: 'checkout', service: 'checkout' });
    const { problems, definition, tiers, found } = await validate(source);
    expect(problems.map(({ level, code }) => `${level} ${code}`)).toEqual(['warning slo.source_away']);
    expect(definition).toEqual(definitionOf(source));
    expect(tiers.map(({ severity, budgetShare, reachable }) => [severity, budgetShare, reachable])).toEqual([
      ['page', 0.02, true],
      ['page', 0.05, true],
      ['ticket', 0.1, true],
      ['ticket', 0.1, true],
    ]);
    expect(found).toBeNull();
  });

  test('answers whatever the text with what is wrong in it', async () => {
    expect(await validate('a: [')).toMatchObject({ definition: null, tiers: [], found: null, problems: [{ line: 1 }] });
    expect(await errors(validate(''))).toEqual(['slo.empty']);
    const two = `${openSlo({ name: 'a' })}---\n${openSlo({ name: 'b' })}`;
    expect(await errors(validate(two))).toEqual(['slo.several']);
  });

  test('refuses what is no text or too much of it', async () => {
    await expect(validateSlo({ ctx: asAda(), input: { source: 7 } })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await expect(validate('x'.repeat(200_001))).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(validate('x', { nope: 1 })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  test('tells a name that is taken, and one that must not change', async () => {
    const source = openSlo({ name: 'taken' });
    await createSlo({ ctx: asAda(), environment, input: { source } });
    expect(await errors(validate(source))).toEqual(['slo.name_taken']);
    expect(await errors(validate(source, { name: 'taken' }))).toEqual([]);
    expect(await errors(validate(openSlo({ name: 'other' }), { name: 'taken' }))).toEqual(['slo.renamed']);
  });

  test('tells a budget policy that is not there', async () => {
    const source = openSlo({ name: 'checkout' });
    const strict = source.replace('metadata:\n', 'metadata:\n  annotations: {quarterdeck.dev/policy: strict}\n');
    const codes = async (text: string) => (await validate(text)).problems.map(({ code }) => code);
    expect(await codes(source)).not.toContain('slo.policy_unknown');
    expect(await codes(strict)).toContain('slo.policy_unknown');
  });

  test('looks nothing up that a token does not reach', async () => {
    const source = openSlo({ name: 'checkout', service: 'checkout' });
    const beyond = [token({ services: ['payment'] }), token({ environments: ['staging'] })];
    for (const ctx of beyond) {
      await expect(validate(source, {}, ctx)).rejects.toMatchObject({ code: 'auth.scope_too_narrow' });
      const audited = await db().auditRecord.findMany({ where: { requestId: ctx.requestId } });
      expect(audited).toMatchObject([{ outcome: 'refused', code: 'auth.scope_too_narrow' }]);
    }
    expect((await validate(source, {}, token({ services: ['checkout'] }))).definition).not.toBeNull();
    await expect(validate(source, {}, contextFor(null))).rejects.toMatchObject({ status: 401 });
  });
});

describe('rendering', () => {
  test('writes OpenSLO that reads as the same', async () => {
    const definition = definitionOf(openSlo({ name: 'checkout' }));
    const { source } = await renderSlo({ ctx: asAda(), input: { definition } });
    expect(definitionOf(source)).toEqual(definition);
  });

  test('refuses what could not be read again, with the field', async () => {
    const definition = definitionOf(openSlo({ name: 'checkout' }));
    const indicator = { kind: 'ratio', counter: true, good: null, bad: 'max(a)', total: 'a' };
    await expect(
      renderSlo({ ctx: asAda(), input: { definition: { ...definition, indicator } } }),
    ).rejects.toMatchObject({
      code: 'slo.invalid',
      errors: [{ path: 'spec.indicator.spec.ratioMetric.bad.metricSource.spec.query' }],
    });
    for (const change of [{ target: 1 }, { name: 'A' }, { window: { kind: 'rolling', days: 91 } }]) {
      const input = { definition: { ...definition, ...change } };
      await expect(renderSlo({ ctx: asAda(), input })).rejects.toMatchObject({ code: 'request.invalid' });
    }
    const reserved = { definition: { ...definition, name: 'rules' } };
    await expect(renderSlo({ ctx: asAda(), input: reserved })).rejects.toMatchObject({ code: 'slo.invalid' });
  });
});

test('templates need a metrics source, and say so', async () => {
  const asked = listTemplates({ ctx: asAda(), environment, service: 'checkout' });
  await expect(asked).rejects.toMatchObject({ code: 'source.unavailable' });
});
