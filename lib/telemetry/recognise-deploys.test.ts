import { describe, expect, it } from 'vitest';
import { recogniseDeploys } from './recognise-deploys.ts';

const stepMs = 15_000;
/** One character a step: how many replicas run the version, `.` for none. */
const runs = (service: string, version: string, pattern: string) => ({
  labels: { qd_service: service, service_version: version },
  points: [...pattern].map((c, i) => [i * stepMs, c === '.' ? null : Number(c)] as const),
});

describe('deploys in the versions that run', () => {
  it.each([
    [
      'a rolling deploy',
      [runs('order', '1.0', '222221......'), runs('order', '1.1', '.....1222222')],
      [['1.1', '1.0', 5]],
    ],
    [
      'a deploy with a gap',
      [runs('order', '1.0', '22..........'), runs('order', '1.1', '......222222')],
      [['1.1', '1.0', 6]],
    ],
    ['the first start of a service', [runs('order', '1.0', '....22222222')], []],
    ['a restart of the same version', [runs('order', '1.0', '22......2222')], []],
    ['a canary', [runs('order', '1.0', '333333333333'), runs('order', '1.1', '.......11111')], [['1.1', '1.0', 7]]],
    [
      'a deploy and its rollback',
      [runs('order', '1.0', '22.........22'), runs('order', '1.1', '..222222222..')],
      [
        ['1.1', '1.0', 2],
        ['1.0', '1.1', 11],
      ],
    ],
    ['a lost scrape', [runs('order', '1.0', '222222222222'), runs('order', '1.1', '11.111..1111')], []],
    ['targets that are down', [runs('order', '1.0', '222222222222'), runs('order', '1.1', '..0000000000')], []],
    ['versions of different services', [runs('order', '1.0', '2222'), runs('payment', '3.0', '..22')], []],
  ] as const)('%s', (_, series, expected) => {
    const found = recogniseDeploys(series as unknown as Parameters<typeof recogniseDeploys>[0]);
    expect(found.map(({ version, previousVersion, atMs }) => [version, previousVersion, atMs / stepMs])).toEqual(
      expected,
    );
  });
});
