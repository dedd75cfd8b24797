'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { alertsQuery } from '#lib/alerts/queries.ts';
import type { Alert, Silence } from '#lib/alerts/schemas.ts';
import { useTimeRange } from '../charts/time-range.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Field, Input, Select, Textarea } from '../ui/field.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { formatDateTime, zoneWord } from '../ui/format-time.ts';
import { toast } from '../ui/toast.ts';
import { useNow } from '../ui/use-now.ts';
import { useSave } from '../ui/use-save.ts';
import { type Matcher, matcherProblem } from './matchers.ts';
import { type MatcherDraft, MatchersField } from './matchers-field.tsx';
import { SilencePreview } from './silence-preview.tsx';
import { amtoolCommand, type DurationId, durations, type SilenceTimes, silenceTimes } from './silence-time.ts';

export interface SilenceDialogProps {
  /** The conditions to begin with; an empty one where there are none. */
  begin: readonly Matcher[];
  onClose: () => void;
}

const empty: Matcher = { name: 'alertname', value: '', isRegex: false, isEqual: true };
const fields = ['matchers', 'startsAt', 'endsAt', 'reason'];
const notATime = 'must be a day and a time';

/** Makes a silence: what it quiets, for how long, and why. All that was typed stays until Alertmanager has taken it. */
export function SilenceDialog({ begin, onClose }: SilenceDialogProps) {
  const client = useQueryClient();
  const { current } = useEnvironment();
  const held = useQuery({ ...alertsQuery({ env: current.name, limit: 500 }), retry: false }).data;
  const save = useSave<Silence>(fields);
  const [drafts, setDrafts] = useState<MatcherDraft[]>(() =>
    (begin.length > 0 ? begin : [empty]).map((one, key) => ({ ...one, key })),
  );
  const [times, setTimes] = useState<SilenceTimes>({ start: '', duration: '2h', end: '' });
  const [isLater, setLater] = useState(false);
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const sent = useRef<{ text: string; body: unknown }>(null);
  const now = useNow(10_000);

  const matchers = useMemo(() => drafts.map(({ key: _, name, ...rest }) => ({ ...rest, name: name.trim() })), [drafts]);
  const known = useMemo(() => labelsOf(held?.items ?? []), [held]);
  const shown = silenceTimes(times, now ?? 0);
  const isEndless = shown.endsAt === undefined;
  const isStartless = isLater && (times.start === '' || shown.startsAt === undefined);
  const problems = drafts.map((draft, index) =>
    isTried || draft.isRegex
      ? (matcherProblem(draft) ??
        save.error?.field(`matchers[${index}].name`) ??
        save.error?.field(`matchers[${index}].value`) ??
        null)
      : null,
  );
  const isShort = reason.trim().length < 3;

  const submit = async () => {
    setTried(true);
    if (matchers.some((one) => matcherProblem(one)) || isEndless || isStartless || isShort) return;
    // The same sent again, after an answer that got lost, has the same end and makes one silence.
    const text = JSON.stringify([matchers, times, reason]);
    if (sent.current?.text !== text) {
      sent.current = { text, body: { matchers, ...silenceTimes(times, Date.now()), reason: reason.trim() } };
    }
    if (!(await save.send('POST', '/api/v1/silences', sent.current.body))) return;
    for (const topic of ['silences', 'alerts', 'overview']) void client.invalidateQueries({ queryKey: [topic] });
    toast.good('The silence is made');
    onClose();
  };

  return (
    <FormDialog
      title="New silence"
      description="Alertmanager tells nobody of alerts that fit, until it ends. They still show here."
      verb="Silence"
      busyWord="Silencing…"
      busy={save.busy}
      error={save.general}
      width={640}
      onSubmit={submit}
      onClose={onClose}
    >
      <MatchersField
        drafts={drafts}
        known={known}
        problems={problems}
        problem={save.error?.field('matchers') ?? null}
        onChange={setDrafts}
      />
      <SilencePreview matchers={matchers} alerts={held?.items} environment={current.name} />
      <div className="c2">
        <Field label="Begins" error={isTried && isStartless ? notATime : save.error?.field('startsAt')}>
          <Select
            value={isLater ? 'later' : 'now'}
            onChange={(event) => {
              setLater(event.target.value === 'later');
              if (event.target.value === 'now') setTimes({ ...times, start: '' });
            }}
          >
            <option value="now">now</option>
            <option value="later">at a time…</option>
          </Select>
        </Field>
        <Field
          label="Lasts"
          error={times.duration === 'until' ? null : save.error?.field('endsAt')}
          hint={<Ends at={shown.endsAt} />}
        >
          <Select
            value={times.duration}
            onChange={(event) => setTimes({ ...times, duration: event.target.value as DurationId | 'until' })}
          >
            {durations.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
            <option value="until">until a time…</option>
          </Select>
        </Field>
        {isLater ? (
          <Field label="Day and time of the start" hint="In the time zone of this browser.">
            <Input
              type="datetime-local"
              value={times.start}
              onChange={(event) => setTimes({ ...times, start: event.target.value })}
            />
          </Field>
        ) : null}
        {times.duration === 'until' ? (
          <Field
            label="Day and time of the end"
            hint="In the time zone of this browser; at most 30 days after the start."
            error={isTried && isEndless ? notATime : save.error?.field('endsAt')}
            required
          >
            <Input
              type="datetime-local"
              value={times.end}
              onChange={(event) => setTimes({ ...times, end: event.target.value })}
            />
          </Field>
        ) : null}
      </div>
      <Field
        label="Reason"
        hint="Kept with the silence, in Alertmanager and in the audit."
        error={isTried && isShort ? 'must say why' : save.error?.field('reason')}
        required
      >
        <Textarea
          autoFocus={begin.length > 0}
          rows={2}
          maxLength={1_000}
          placeholder="Why may nobody be told?"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <WithoutUs command={amtoolCommand(held?.alertmanager.members[0]?.url, matchers, shown, reason.trim())} />
    </FormDialog>
  );
}

function Ends({ at }: { at: string | undefined }) {
  const { zone } = useTimeRange();
  if (!at) return null;
  return (
    <>
      Ends {formatDateTime(Date.parse(at), zone, false)} {zoneWord(zone)}.
    </>
  );
}

function WithoutUs({ command }: { command: string }) {
  return (
    <details>
      <summary className="faint text-sm phone:min-h-11 phone:content-center">The same without Quarterdeck</summary>
      <div className="grid gap-2 pt-2">
        <pre className="code">{command}</pre>
        <div>
          <CopyButton size="sm" text={command} />
        </div>
      </div>
    </details>
  );
}

/** Every label that alerts have now with its values, the more common labels first. */
function labelsOf(alerts: readonly Alert[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>([['alertname', new Set()]]);
  for (const { labels } of alerts) {
    for (const [name, value] of Object.entries(labels)) {
      const values = found.get(name) ?? new Set();
      if (values.size < 100) values.add(value);
      found.set(name, values);
    }
  }
  return new Map([...found].map(([name, values]) => [name, [...values].sort()]));
}
