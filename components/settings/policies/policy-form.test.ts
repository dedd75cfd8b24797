import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from '#lib/slo/schemas.ts';
import { changedMeanwhile, formOf, type PolicyForm, readPolicyForm, withoutStep, withStep } from './policy-form.ts';

const policy: Policy = {
  name: 'default',
  title: 'Default',
  steps: [
    { from: 0.5, name: 'free', message: 'Anything goes.', effect: 'none', tell: [] },
    { from: 0, name: 'careful', message: 'Only reliability work.', effect: 'warn', tell: ['owner'] },
    { from: null, name: 'frozen', message: 'No deploys but fixes.', effect: 'block', tell: ['owner', 'commanders'] },
  ],
  version: 3,
  updatedAt: '2026-11-21T14:30:00Z',
};
const form = formOf(policy);
const wrong = (change: (form: PolicyForm) => PolicyForm) =>
  readPolicyForm(change(structuredClone(form))).problems.map(({ path, code }) => `${path} ${code}`);
const step = (i: number, change: Partial<PolicyForm['steps'][number]>) => (one: PolicyForm) => ({
  ...one,
  steps: one.steps.map((each, k) => (k === i ? { ...each, ...change } : each)),
});

describe('the form of a policy', () => {
  it('asks for what it was filled from', () => {
    const { title, steps } = policy;
    expect(readPolicyForm(form).body).toEqual({ title, steps });
  });

  it('keeps any share that can be typed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999 }), (hundredths) => {
        const from = hundredths / 10_000;
        const shares = { ...policy, steps: policy.steps.map((one, i) => (i === 0 ? { ...one, from } : one)) };
        expect(readPolicyForm(formOf(shares)).body?.steps[0]?.from).toBeCloseTo(from, 12);
      }),
    );
  });

  it('takes a comma, a percent sign, and names that are told twice once', () => {
    const read = readPolicyForm(step(0, { percent: ' 12,5 % ', tell: 'owner, , owner ,pager' })(form));
    expect(read.body?.steps[0]).toMatchObject({ from: 0.125, tell: ['owner', 'pager'] });
  });

  it.each<[string, (form: PolicyForm) => PolicyForm, string[]]>([
    ['no title', (one) => ({ ...one, title: ' ' }), ['title required']],
    ['no share', step(0, { percent: 'half' }), ['steps[0].from share']],
    ['too large a share', step(0, { percent: '120' }), ['steps[0].from share']],
    ['all of it', step(0, { percent: '100' }), ['steps[0].from unreachable']],
    [
      'no name and no message',
      step(1, { name: '', message: ' ' }),
      ['steps[1].name required', 'steps[1].message required'],
    ],
    ['a name twice', step(1, { name: 'Free' }), ['steps[1].name twice']],
    ['the wrong order', step(1, { percent: '60' }), ['steps[1].from order', 'steps[1].from gap']],
    ['a hole above nothing', step(1, { percent: '10' }), ['steps[1].from gap']],
    ['one step only', (one) => withoutStep(withoutStep(one, 0), 1), ['steps too_small']],
  ])('refuses %s', (_, change, problems) => expect(wrong(change)).toEqual(problems));

  it('adds a step before the last one, with an identity of its own', () => {
    const added = withStep(form);
    expect(added.steps.map(({ name }) => name)).toEqual(['free', 'careful', '', 'frozen']);
    expect(new Set(added.steps.map(({ key }) => key)).size).toBe(4);
    expect(withoutStep(added, added.steps[2]?.key ?? -1)).toEqual(form);
  });
});

describe('what somebody else changed', () => {
  it('is said step by step', () => {
    const now: Policy = {
      ...policy,
      title: 'Strict',
      steps: [
        { ...policy.steps[0]!, from: 0.6, message: 'Within bounds.' },
        { from: 0, name: 'slow', message: 'Wait.', effect: 'warn', tell: [] },
        { ...policy.steps[2]!, effect: 'warn', tell: [] },
      ],
    };
    expect(changedMeanwhile(policy, now)).toEqual([
      'the title is now “Strict”',
      '“free” is now in force with above 60 %',
      '“free” now says “Within bounds.”',
      'the step “slow” was added (above 0 %)',
      '“frozen” now asks for a reason',
      '“frozen” now tells nobody',
      'the step “careful” was taken away',
    ]);
  });

  it('may be nothing', () => expect(changedMeanwhile(policy, policy)).toEqual(['it was saved as it was']));
});
