import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCatalog } from '#lib/catalog/index.ts';
import { compileIndicator } from '#lib/slo/indicator.ts';
import { readOpenSlo } from '#lib/slo/openslo/index.ts';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.yaml'));
const read = files.map((file) => ({
  file,
  ...readOpenSlo(readFileSync(join(import.meta.dirname, file), 'utf8'), { defaultEnvironment: 'elsewhere' }),
}));
const definitions = read.flatMap(({ slos }) => slos.map(({ definition }) => definition));

describe('the SLOs of the fleet', () => {
  test.each(read)('$file has nothing wrong', ({ problems, slos }) => {
    expect(problems).toEqual([]);
    expect(slos).not.toEqual([]);
  });

  test('promise availability and latency of every service', () => {
    const promises = definitions.map(({ service, category }) => `${service} ${category}`).sort();
    const expected = ['gateway', 'order', 'payment', 'product'].flatMap((name) => [
      `${name} availability`,
      `${name} latency`,
    ]);
    expect(promises).toEqual(expected);
  });

  test('know owner and tier as the catalogue does', () => {
    const folder = join(import.meta.dirname, '../catalog');
    const entries = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .flatMap((file) => parseCatalog(file, readFileSync(join(folder, file), 'utf8')).entries);
    for (const { service, owner, tier, environment } of definitions) {
      expect({ service, owner, tier }).toEqual({
        service,
        owner: entries.find(({ name }) => name === service)?.owner,
        tier: entries.find(({ name }) => name === service)?.tier,
      });
      expect(environment).toBe('production');
    }
  });

  test('count availability where a dead service is seen', () => {
    for (const definition of definitions.filter(({ category }) => category === 'availability')) {
      expect(definition.measuredAt).toBe('caller');
      const { selectors } = compileIndicator(definition, {
        environmentLabel: 'deployment_environment_name',
        defaultEnvironment: 'production',
      });
      for (const selector of selectors) expect(selector).toContain(`peer_service="${definition.service}"`);
    }
  });

  test('have a month of the calendar among them, and the objective that a drill is made for', () => {
    expect(definitions.map(({ window }) => window)).toContainEqual({
      kind: 'calendar',
      unit: 'month',
      timeZone: 'Europe/Berlin',
    });
    expect(definitions.find(({ name }) => name === 'payment-availability')?.target).toBe(0.9995);
  });
});
