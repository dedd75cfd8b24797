import { describe, expect, it } from 'vitest';
import { selectorOf, seriesNames, splitLabels } from './series-names.ts';

describe('seriesNames', () => {
  it('uses the value alone when one label tells the series apart', () => {
    expect(seriesNames([{ job: 'order' }, { job: 'payment' }], 'x')).toEqual(['order', 'payment']);
  });
  it('leaves out what is the same for all', () => {
    const names = seriesNames(
      [
        { __name__: 'up', job: 'order', env: 'prod', instance: 'a:1' },
        { __name__: 'up', job: 'order', env: 'prod', instance: 'b:1' },
      ],
      'x',
    );
    expect(names).toEqual(['a:1', 'b:1']);
  });
  it('names the labels when there are several', () => {
    const series: Record<string, string>[] = [{ job: 'a', code: '200' }, { job: 'a' }, { job: 'b', code: '200' }];
    expect(seriesNames(series, 'x')).toEqual(['job=a code=200', 'job=a', 'job=b code=200']);
  });
  it('uses no more labels than it takes', () => {
    const target = (job: string, id: string) => ({
      job,
      service_name: job,
      instance: `h:${id}`,
      service_instance_id: id,
    });
    const names = seriesNames([target('order', 'order-1'), target('order', 'order-2'), { job: 'prometheus' }], 'x');
    expect(names).toEqual([
      'job=order service_instance_id=order-1',
      'job=order service_instance_id=order-2',
      'job=prometheus',
    ]);
  });
  it('gives series that differ in nothing the same name rather than none', () => {
    expect(seriesNames([{ a: '1' }, { a: '1' }], 'x')).toEqual(['x', 'x']);
  });
  it('names the whole expression when there are no labels', () => {
    expect(seriesNames([{}], 'sum(up)')).toEqual(['sum(up)']);
    expect(seriesNames([{ a: '1' }, {}], 'sum(up)')).toEqual(['1', 'sum(up)']);
  });
  it('writes a series that stands alone as its selector', () => {
    expect(seriesNames([{ __name__: 'up', job: 'order' }], 'x')).toEqual(['up{job="order"}']);
  });
});

describe('selectorOf', () => {
  it.each([
    [{}, '{}'],
    [{ __name__: 'up' }, 'up'],
    [{ a: 'say "x"\\' }, '{a="say \\"x\\"\\\\"}'],
    [{ 'k8s.pod': 'p' }, '{"k8s.pod"="p"}'],
  ])('%o → %s', (labels, text) => expect(selectorOf(labels as Record<string, string>)).toBe(text));
});

describe('splitLabels', () => {
  it('puts job and instance first and tells common from varying', () => {
    expect(
      splitLabels([
        { b: '1', job: 'x', instance: 'i' },
        { b: '2', job: 'x', instance: 'j' },
      ]),
    ).toEqual({ varying: ['instance', 'b'], common: { job: 'x' } });
  });
  it('of nothing is nothing', () => expect(splitLabels([])).toEqual({ varying: [], common: {} }));
});
