import { type AlertSeverity, type AlertState, alertStates, severities } from '#lib/alerts/schemas.ts';
import { formatMatchers, type Matcher, parseMatchers } from './matchers.ts';

/** What the address says of the screen of alerts, but for the environment. */
export interface AlertsView {
  view: 'alerts' | 'silences';
  /** Empty: all but the resolved ones. */
  states: readonly AlertState[];
  severity: AlertSeverity | null;
  service: string | null;
  q: string;
  /** A silence is being written. */
  isSilencing: boolean;
  /** What it begins with. */
  matchers: readonly Matcher[];
}

const longestText = 200;
const among = <T extends string>(known: readonly T[], text: string | null): T | null =>
  (known as readonly string[]).includes(text ?? '') ? (text as T) : null;

/** Reads an address; parts that cannot be read are left out. */
export function parseAlertsView(params: URLSearchParams): AlertsView {
  const wanted = params.getAll('state').flatMap((text) => text.split(','));
  return {
    view: params.get('view') === 'silences' ? 'silences' : 'alerts',
    states: alertStates.filter((state) => wanted.includes(state)),
    severity: among(severities, params.get('severity')),
    service: params.get('service')?.slice(0, longestText) || null,
    q: (params.get('q') ?? '').slice(0, longestText),
    isSilencing: params.get('dialog') === 'silence',
    matchers: parseMatchers((params.get('matchers') ?? '').slice(0, 4_000)) ?? [],
  };
}

/** Writes a view into the parameters of an address and leaves all others alone. */
export function writeAlertsView(params: URLSearchParams, view: AlertsView): void {
  const set = (name: string, values: readonly string[]) => {
    params.delete(name);
    for (const value of values) if (value !== '') params.append(name, value);
  };
  set('view', [view.view === 'silences' ? 'silences' : '']);
  set('state', view.states);
  set('severity', [view.severity ?? '']);
  set('service', [view.service ?? '']);
  set('q', [view.q]);
  set('dialog', [view.isSilencing ? 'silence' : '']);
  set('matchers', [view.isSilencing ? formatMatchers(view.matchers) : '']);
}

/** The question that a view asks of the API. */
export function wantedOf(env: string, { states, severity, service, q }: AlertsView) {
  return {
    env,
    state: states.length > 0 ? [...states] : undefined,
    severity: severity ?? undefined,
    service: service ?? undefined,
    q: q.trim() || undefined,
  };
}

export const noFilters = { states: [], severity: null, service: null, q: '' } satisfies Partial<AlertsView>;

/** Whether anything is filtered out. */
export const isFiltered = ({ states, severity, service, q }: AlertsView): boolean =>
  states.length > 0 || severity !== null || service !== null || q !== '';

/** The address of the dialog for a new silence that begins with these matchers. */
export const silenceHref = (matchers: readonly Matcher[]): string =>
  `/alerts?${new URLSearchParams({ dialog: 'silence', matchers: formatMatchers(matchers) })}`;
