'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Alert } from '#lib/alerts/schemas.ts';
import { alertTitle } from '#lib/alerts/title-rules.ts';
import { ApiError, sendJson } from '#lib/core/fetch-json.ts';
import { toast } from '../ui/toast.ts';
import { withAlert } from './with-alert.ts';

type Some = readonly Pick<Alert, 'fingerprint' | 'name' | 'slo' | 'labels' | 'state' | 'version'>[];

export interface Acknowledging {
  /** Fingerprints of those under way. */
  busy: ReadonlySet<string>;
  /** Takes alerts; whoever did it by mistake takes it back from the word that says it happened. */
  acknowledge: (alerts: Some, note?: string) => Promise<void>;
  takeBack: (alerts: Some) => Promise<void>;
}

const nobody: ReadonlySet<string> = new Set();

/** Acknowledges alerts and takes it back; every list that shows them is fetched again. */
export function useAcknowledge(): Acknowledging {
  const client = useQueryClient();
  const [busy, setBusy] = useState(nobody);

  const send = useCallback(
    async (verb: 'acknowledge' | 'unacknowledge', alerts: Some, note?: string): Promise<boolean> => {
      const marks = alerts.map(({ fingerprint }) => fingerprint);
      // Who saw that another has it, and takes it nevertheless, says so by the version that was read.
      const bodyOf = ({ state, version }: Some[number]) => ({
        ...(note && { note }),
        ...(verb === 'acknowledge' && state === 'acknowledged' && { version }),
      });
      setBusy((before) => new Set([...before, ...marks]));
      const answers = await Promise.allSettled(
        alerts.map((one) => sendJson<Alert>('POST', `/api/v1/alerts/${one.fingerprint}/${verb}`, bodyOf(one))),
      );
      setBusy((before) => new Set([...before].filter((mark) => !marks.includes(mark))));
      for (const queryKey of [['alerts'], ['overview']]) {
        // What the answer says is shown at once; the lists that hold it follow.
        for (const answer of answers) {
          if (answer.status === 'rejected') continue;
          client.setQueriesData({ queryKey }, (held: unknown) => withAlert(held, answer.value));
        }
        void client.invalidateQueries({ queryKey });
      }
      const failed = answers.find((answer) => answer.status === 'rejected');
      if (!failed) return true;
      const { reason } = failed;
      const sentence = reason instanceof ApiError ? reason.message : 'That did not work.';
      if (reason instanceof ApiError && reason.status === 409) toast.warn(sentence, { id: `alert ${marks[0]}` });
      else toast.bad(`Not ${verb === 'acknowledge' ? 'acknowledged' : 'taken back'}: ${sentence}`);
      return false;
    },
    [client],
  );

  const takeBack = useCallback(
    async (alerts: Some) => {
      if (await send('unacknowledge', alerts)) toast.good(`Taken back: ${nameOf(alerts)} fires again`);
    },
    [send],
  );
  const acknowledge = useCallback(
    async (alerts: Some, note?: string) => {
      if (alerts.length === 0 || !(await send('acknowledge', alerts, note))) return;
      toast.good(`Acknowledged: ${nameOf(alerts)}`, {
        id: `alert ${alerts[0]?.fingerprint}`,
        action: { label: 'Undo', onClick: () => void takeBack(alerts) },
      });
    },
    [send, takeBack],
  );
  return { busy, acknowledge, takeBack };
}

function nameOf(alerts: Some): string {
  const [first] = alerts;
  return alerts.length === 1 && first ? alertTitle(first) : `${alerts.length} alerts`;
}
