import type { FieldError } from '#lib/core/errors.ts';
import { policyProblems } from '#lib/slo/policy-rules.ts';
import type { Policy, PolicyStep } from '#lib/slo/schemas.ts';

/** One step as it is typed. */
export interface StepForm {
  /** Identity while steps are added and taken away. */
  key: number;
  /** In force while more than so much is left, in percent; of no meaning in the last step. */
  percent: string;
  name: string;
  message: string;
  effect: PolicyStep['effect'];
  /** Separated by commas. */
  tell: string;
}

export interface PolicyForm {
  title: string;
  /** The last one is for when nothing is left. */
  steps: StepForm[];
}

/** What a policy does with operations that raise risk, in words. */
export const effectWord: Record<PolicyStep['effect'], string> = {
  none: 'nothing is held back',
  warn: 'asks for a reason',
  block: 'holds back',
};

/** A share in percent without the noise of binary fractions. */
export const percentText = (share: number): string => String(Number((share * 100).toPrecision(12)));

/** The form of a policy as it is. */
export function formOf({ title, steps }: Pick<Policy, 'title' | 'steps'>): PolicyForm {
  return {
    title,
    steps: steps.map(({ from, name, message, effect, tell }, key) => ({
      key,
      percent: from === null ? '' : percentText(from),
      name,
      message,
      effect,
      tell: tell.join(', '),
    })),
  };
}

/** A form with another step, put before the one for when nothing is left. */
export function withStep(form: PolicyForm): PolicyForm {
  const key = Math.max(-1, ...form.steps.map((step) => step.key)) + 1;
  const added: StepForm = { key, percent: '', name: '', message: '', effect: 'warn', tell: '' };
  return { ...form, steps: [...form.steps.slice(0, -1), added, ...form.steps.slice(-1)] };
}

export const withoutStep = (form: PolicyForm, key: number): PolicyForm => ({
  ...form,
  steps: form.steps.filter((step) => step.key !== key),
});

interface PolicyBody {
  title: string;
  steps: PolicyStep[];
}

/** `50`, `12.5`, `50 %` as a share; null where it is none. */
function shareOf(text: string): number | null {
  const digits = /^(\d{1,3}(?:[.,]\d{1,6})?)\s*%?$/.exec(text.trim())?.[1];
  const percent = digits === undefined ? Number.NaN : Number(digits.replace(',', '.'));
  return percent >= 0 && percent <= 100 ? Number((percent / 100).toPrecision(12)) : null;
}

const required = (path: string): FieldError => ({ path, code: 'required', message: 'must not be empty' });

/** What the form asks for, or what is wrong with it by field (`steps[1].from`): the same rules as the server's. */
export function readPolicyForm(
  form: PolicyForm,
): { body: PolicyBody; problems: [] } | { body: null; problems: FieldError[] } {
  const last = form.steps.length - 1;
  const problems: FieldError[] = form.title.trim() ? [] : [required('title')];
  const steps = form.steps.map(({ percent, name, message, effect, tell }, i): PolicyStep => {
    const from = i === last ? null : shareOf(percent);
    if (i !== last && from === null) {
      problems.push({ path: `steps[${i}].from`, code: 'share', message: 'must be a share from 0 to 99.9, in percent' });
    }
    if (!name.trim()) problems.push(required(`steps[${i}].name`));
    if (!message.trim()) problems.push(required(`steps[${i}].message`));
    const told = tell
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    return { from, name: name.trim(), message: message.trim(), effect, tell: [...new Set(told)] };
  });
  if (problems.length === 0) problems.push(...policyProblems(steps));
  return problems.length > 0 ? { body: null, problems } : { problems: [], body: { title: form.title.trim(), steps } };
}

/** The edge of a step as one says it: `above 25 %`, `nothing left`. */
export const edgeText = ({ from }: Pick<PolicyStep, 'from'>): string =>
  from === null ? 'nothing left' : `above ${percentText(from)} %`;

/** What somebody else changed between two looks at a policy, as sentences. */
export function changedMeanwhile(before: Policy, now: Policy): string[] {
  const said: string[] = [];
  if (before.title !== now.title) said.push(`the title is now “${now.title}”`);
  const known = new Map(before.steps.map((step) => [step.name, step]));
  for (const step of now.steps) {
    const was = known.get(step.name);
    known.delete(step.name);
    if (!was) {
      said.push(`the step “${step.name}” was added (${edgeText(step)})`);
      continue;
    }
    if (was.from !== step.from) said.push(`“${step.name}” is now in force with ${edgeText(step)}`);
    if (was.message !== step.message) said.push(`“${step.name}” now says “${step.message}”`);
    if (was.effect !== step.effect) said.push(`“${step.name}” now ${effectWord[step.effect]}`);
    if (was.tell.join() !== step.tell.join()) said.push(`“${step.name}” now tells ${step.tell.join(', ') || 'nobody'}`);
  }
  for (const name of known.keys()) said.push(`the step “${name}” was taken away`);
  return said.length > 0 ? said : ['it was saved as it was'];
}
