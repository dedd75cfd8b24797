import { type SloDefinition, sloName } from '../schemas.ts';
import { annotationPrefix, defaultGapPolicy, defaultMeasuredAt, defaultPolicy } from './defaults.ts';

/** What OpenSLO has no field for. */
export interface Annotated {
  environment: string | null;
  owner: string | null;
  tier: number | null;
  category: SloDefinition['category'] | null;
  measuredAt: SloDefinition['measuredAt'];
  gapPolicy: SloDefinition['gapPolicy'];
  policy: string;
  runbookUrl: string | null;
  minFailures: number | null;
  absentPages: boolean | null;
}

type Take = (text: string, into: Annotated) => string | null;

const choice =
  <K extends keyof Annotated>(field: K, values: readonly NonNullable<Annotated[K]>[]): Take =>
  (text, into) => {
    const found = values.find((value) => String(value) === text);
    if (found === undefined) return `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
    into[field] = found;
    return null;
  };

const fields: Record<string, Take> = {
  environment: (text, into) => {
    if (text.length > 100 || !/^[\w.:/-]+$/.test(text))
      return 'must have letters, digits and . _ : / - only, at most 100';
    into.environment = text;
    return null;
  },
  owner: (text, into) => {
    if (text.trim() === '' || text.length > 100) return 'must have 1 to 100 characters';
    into.owner = text;
    return null;
  },
  tier: choice('tier', [1, 2, 3, 4]),
  category: choice('category', ['availability', 'latency', 'other']),
  'measured-at': choice('measuredAt', ['caller', 'gateway', 'probe', 'service']),
  'gap-policy': choice('gapPolicy', ['unknown', 'good', 'bad']),
  policy: (text, into) => {
    if (!sloName.safeParse(text).success) return 'must be the name of a budget policy, such as default';
    into.policy = text;
    return null;
  },
  runbook: (text, into) => {
    const isAddress = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
    if (!isAddress || text.length > 2_000) return 'must be an http or https address';
    into.runbookUrl = text;
    return null;
  },
  'min-failures': (text, into) => {
    if (!/^\d{1,9}$/.test(text)) return 'must be a whole number, 0 or more';
    into.minFailures = Number(text);
    return null;
  },
  'absent-pages': choice('absentPages', [true, false]),
};

export interface AnnotationProblem {
  level: 'error' | 'warning';
  key: string;
  message: string;
}

/** Reads the annotations of an SLO. Ours must be known and right; those of others are not kept. */
export function readAnnotations(annotations: Readonly<Record<string, string>>) {
  const values: Annotated = {
    environment: null,
    owner: null,
    tier: null,
    category: null,
    measuredAt: defaultMeasuredAt,
    gapPolicy: defaultGapPolicy,
    policy: defaultPolicy,
    runbookUrl: null,
    minFailures: null,
    absentPages: null,
  };
  const problems: AnnotationProblem[] = [];
  for (const [key, text] of Object.entries(annotations)) {
    if (!key.startsWith(annotationPrefix)) {
      problems.push({ level: 'warning', key, message: 'is an annotation for another tool; nothing here reads it' });
      continue;
    }
    const name = key.slice(annotationPrefix.length);
    const take = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const known = Object.keys(fields).join(', ');
    const wrong = take ? take(text, values) : `is not known; there are ${known}, each after ${annotationPrefix}`;
    if (wrong) problems.push({ level: 'error', key, message: wrong });
  }
  return { values, problems };
}
