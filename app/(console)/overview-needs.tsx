'use client';
import { useAcknowledge } from '#components/alerts/use-acknowledge.ts';
import { NeedsYou } from '#components/overview/needs-you.tsx';
import { useRefusal } from '#components/shell/viewer.tsx';
import { acknowledgeAlert } from '#lib/alerts/verbs.ts';

/** What needs a person, with alerts acknowledged in passing. */
export function OverviewNeeds() {
  const { acknowledge, busy } = useAcknowledge();
  const refusal = useRefusal(acknowledgeAlert);
  return <NeedsYou onAcknowledge={(alerts) => void acknowledge(alerts)} busy={busy} refusal={refusal} />;
}
