import { describe, expect, test } from 'vitest';
import type { SloDefinition, SloValidation } from '#lib/slo/schemas.ts';
import { begin, isTextBroken, mayBeSaved, reduce } from './draft-state.ts';

const definition = (target: number) => ({ name: 'checkout', target }) as SloDefinition;
const checked = (found: SloDefinition | null): SloValidation => ({
  problems: [],
  definition: found,
  tiers: [],
  found: null,
});
const opened = begin({ source: 'old', definition: definition(0.99) });

describe('a draft', () => {
  test('is checked once when it is opened and may be saved after it', () => {
    expect(mayBeSaved(opened)).toBe(false);
    const known = reduce(opened, { kind: 'checked', source: 'old', checked: checked(definition(0.99)) });
    expect(mayBeSaved(known)).toBe(true);
    expect(known.changed).toBeNull();
  });

  test('lets the form follow what was written', () => {
    const wrote = reduce(opened, { kind: 'wrote', source: 'new' });
    expect(wrote).toMatchObject({ source: 'new', follows: 'definition', changed: 'text' });
    const known = reduce(wrote, { kind: 'checked', source: 'new', checked: checked(definition(0.999)) });
    expect(known.definition?.target).toBe(0.999);
  });

  test('lets the text follow what was filled in, and keeps the form as it was filled', () => {
    const filled = reduce(opened, { kind: 'filled', definition: definition(0.95) });
    expect(filled).toMatchObject({ source: 'old', follows: 'source' });
    const known = reduce(filled, { kind: 'checked', source: 'rendered', checked: checked(null) });
    expect(known).toMatchObject({ source: 'rendered', definition: { target: 0.95 } });
    expect(mayBeSaved(known)).toBe(false);
  });

  test('keeps the last form that was valid while the text is not', () => {
    const wrote = reduce(opened, { kind: 'wrote', source: 'spec: [' });
    const known = reduce(wrote, { kind: 'checked', source: 'spec: [', checked: checked(null) });
    expect(known.definition?.target).toBe(0.99);
    expect(mayBeSaved(known)).toBe(false);
    expect(isTextBroken(known)).toBe(true);
  });

  test('can be mended in the form when the form is what is wrong', () => {
    const filled = reduce(opened, { kind: 'filled', definition: definition(0.95) });
    expect(isTextBroken(reduce(filled, { kind: 'checked', source: 'rendered', checked: checked(null) }))).toBe(false);
  });

  test('says why it could not be checked and is not saved then', () => {
    const failed = reduce(opened, { kind: 'failed', error: 'The console does not answer.' });
    expect(mayBeSaved(failed)).toBe(false);
    expect(reduce(failed, { kind: 'wrote', source: 'again' }).error).toBeNull();
  });

  test('is not changed by the same text', () => {
    expect(reduce(opened, { kind: 'wrote', source: 'old' })).toBe(opened);
  });
});
