import type { Database, Transaction } from '#lib/db/index.ts';
import type { Policy, PolicyStep } from './schemas.ts';

type Queryable = Database | Transaction;

interface PolicyRow {
  name: string;
  title: string;
  steps: unknown;
  version: number;
  updatedAt: Date;
}

/** Every budget policy by name, or those of some names. */
export async function selectPolicies(database: Queryable, names?: readonly string[]): Promise<Policy[]> {
  const rows = await database.budgetPolicy.findMany({
    where: names === undefined ? {} : { name: { in: [...names] } },
    orderBy: { name: 'asc' },
  });
  return rows.map(toPolicy);
}

export async function selectPolicy(database: Queryable, name: string): Promise<Policy | null> {
  const row = await database.budgetPolicy.findUnique({ where: { name } });
  return row && toPolicy(row);
}

interface PolicyChange {
  name: string;
  title: string;
  steps: PolicyStep[];
  now: Date;
}

/** Adds a policy; null when one has this name. */
export async function insertPolicy(tx: Transaction, { now, ...policy }: PolicyChange): Promise<Policy | null> {
  const { count } = await tx.budgetPolicy.createMany({ data: [{ ...policy, updatedAt: now }], skipDuplicates: true });
  return count === 1 ? selectPolicy(tx, policy.name) : null;
}

/** Changes a policy if nobody changed it since `version`; null when somebody did, or there is none. */
export async function updatePolicyRow(
  tx: Transaction,
  version: number,
  { name, title, steps, now }: PolicyChange,
): Promise<Policy | null> {
  const { count } = await tx.budgetPolicy.updateMany({
    where: { name, version },
    data: { title, steps, version: { increment: 1 }, updatedAt: now },
  });
  return count === 1 ? selectPolicy(tx, name) : null;
}

const toPolicy = ({ steps, updatedAt, ...row }: PolicyRow): Policy => ({
  ...row,
  steps: steps as PolicyStep[],
  updatedAt: updatedAt.toISOString(),
});
