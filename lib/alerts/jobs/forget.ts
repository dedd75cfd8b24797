import type { JobContext } from '#lib/core/define-job.ts';
import { db } from '#lib/db/index.ts';
import { deleteDeliveries } from '../delivery-store.ts';

const dayMs = 86_400_000;
const deliveryDays = 30;
const alertDays = 400;
const batch = 5_000;

/** Forgets deliveries after 30 days and resolved alerts after 400. */
export default async function run({ now, signal, log }: JobContext): Promise<void> {
  const deliveries = await deleteDeliveries(db(), new Date(now.getTime() - deliveryDays * dayMs));
  const before = new Date(now.getTime() - alertDays * dayMs);
  let alerts = 0;
  for (let gone = batch; gone === batch && !signal.aborted; alerts += gone) {
    const [row] = await db().$queryRaw<{ gone: number }[]>`select forget_alerts(${before}, ${batch}::int) as gone`;
    gone = row?.gone ?? 0;
  }
  if (deliveries + alerts > 0) log.info({ deliveries, alerts }, 'old deliveries and alerts were forgotten');
}
