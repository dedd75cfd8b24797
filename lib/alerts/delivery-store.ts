import { newId } from '#lib/core/ids.ts';
import type { Database, Transaction } from '#lib/db/index.ts';
import type { Webhook } from './schemas.ts';

const longestText = 64 * 1024;
const mostMalformed = 200;

/** Keeps a delivery that was read; `received` where it is not all taken in yet. */
export async function insertDelivery(tx: Transaction, body: Webhook, state: 'received' | 'processed'): Promise<string> {
  const id = newId();
  await tx.$executeRaw`
    insert into alert_delivery (id, body, state, truncated, processed_at)
    values (${id}::uuid, ${JSON.stringify(body)}::jsonb, ${state}, ${body.truncatedAlerts},
            case when ${state} = 'processed' then now() end)`;
  return id;
}

export async function finishDelivery(database: Database, id: string): Promise<void> {
  await database.$executeRaw`
    update alert_delivery set state = 'processed', processed_at = now() where id = ${id}::uuid`;
}

/** Keeps the beginning of what cannot be read aside for inspection; the newest 200 of them. */
export async function keepMalformed(database: Database, text: string, error: string): Promise<void> {
  const kept = text.slice(0, longestText).replaceAll('\u0000', '\ufffd').toWellFormed();
  await database.$executeRaw`
    insert into alert_delivery (id, text, state, error, processed_at)
    values (${newId()}::uuid, ${kept}, 'malformed', ${error.slice(0, 1_000)}, now())`;
  await database.$executeRaw`
    delete from alert_delivery where state = 'malformed' and id not in (
      select id from alert_delivery where state = 'malformed' order by received_at desc, id desc limit ${mostMalformed})`;
}

/** Forgets deliveries that came before; how many. */
export async function deleteDeliveries(database: Database, before: Date): Promise<number> {
  return database.$executeRaw`delete from alert_delivery where received_at < ${before}`;
}
