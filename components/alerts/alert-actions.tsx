'use client';
import type { Alert } from '#lib/alerts/schemas.ts';
import { alertTitle } from '#lib/alerts/title-rules.ts';
import { acknowledgeAlert, createSilence } from '#lib/alerts/verbs.ts';
import { useRefusal } from '../shell/viewer.tsx';
import { Button } from '../ui/button.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { openApart } from './open-apart.ts';
import type { Acknowledging } from './use-acknowledge.ts';
import { evidenceLinks } from './words.ts';

export interface AlertActionsProps {
  alert: Alert;
  acknowledging: Acknowledging;
  onSilence: (alert: Alert) => void;
  /** Asks for a note first. */
  onNote: (alert: Alert) => void;
  /** The next step of the place: drawn dark. */
  primary?: boolean;
}

/** What can be done about an alert, and where its traces, logs and runbook are. */
export function AlertActions({ alert, acknowledging, onSilence, onNote, primary }: AlertActionsProps) {
  const { acknowledge, takeBack, busy } = acknowledging;
  const refusal = useRefusal(acknowledgeAlert);
  const silenceRefusal = useRefusal(createSilence);
  const { state } = alert;
  const title = alertTitle(alert);
  const isBusy = busy.has(alert.fingerprint);
  return (
    <div className="alert-acts">
      {state === 'firing' ? (
        <Button
          variant={primary ? 'primary' : 'default'}
          busy={isBusy}
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => void acknowledge([alert])}
        >
          Acknowledge<span className="sr"> {title}</span>
        </Button>
      ) : null}
      {state === 'acknowledged' ? (
        <Button
          busy={isBusy}
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => void takeBack([alert])}
        >
          Take back<span className="sr"> the acknowledgement of {title}</span>
        </Button>
      ) : null}
      {state === 'firing' || state === 'acknowledged' ? (
        <Button disabled={silenceRefusal !== null} title={silenceRefusal ?? undefined} onClick={() => onSilence(alert)}>
          Silence…<span className="sr"> {title}</span>
        </Button>
      ) : null}
      <Menu
        label={`More about ${title}`}
        align="end"
        items={[
          ...((state === 'firing' || state === 'acknowledged') && refusal === null
            ? [{ id: 'note', label: noteVerb(alert), onSelect: () => onNote(alert) }]
            : []),
          ...linkItems(alert),
        ]}
        trigger={
          <Button variant="quiet" icon aria-label={`More about ${title}`}>
            ⋯
          </Button>
        }
      />
    </div>
  );
}

const noteVerb = ({ state }: Alert) =>
  state === 'acknowledged' ? 'Take over, or change the note…' : 'Acknowledge with a note…';

/** Where to go on from an alert. */
export function linkItems(alert: Alert): MenuItem[] {
  const links = evidenceLinks(alert);
  const { runbookUrl, generatorUrl } = alert;
  const group = 'At that time';
  return [
    ...(runbookUrl ? [{ id: 'runbook', label: 'Runbook', hint: '↗', group: 'Go to', ...openApart(runbookUrl) }] : []),
    { id: 'open', label: 'Details and history', group: 'Go to', href: `/alerts/${alert.fingerprint}` },
    ...(links
      ? [
          { id: 'failed', label: 'Failed traces', group, href: links.failed },
          { id: 'traces', label: 'All traces', group, href: links.traces },
          { id: 'logs', label: 'Logs', group, href: links.logs },
        ]
      : []),
    ...(generatorUrl
      ? [{ id: 'rule', label: 'Its rule in Prometheus', hint: '↗', group: 'Elsewhere', ...openApart(generatorUrl) }]
      : []),
  ];
}
