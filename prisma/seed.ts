import * as z from 'zod';
import { hashPassword } from '#lib/auth/index.ts';
import { roles } from '#lib/core/actor.ts';
import { parseInput } from '#lib/core/errors.ts';
import { sha256 } from '#lib/core/hash.ts';
import { newId } from '#lib/core/ids.ts';
import { connect } from '#lib/db/index.ts';

const role = z.enum(roles);
const demoAccounts = z.array(z.object({ email: z.email(), name: z.string(), password: z.string().min(12), role }));
const demoTokens = z.partialRecord(role, z.string().min(20));

type Accounts = z.infer<typeof demoAccounts>;
type Tokens = z.infer<typeof demoTokens>;

/**
 * Makes the accounts of the one-machine stack and a token for each, and marks the install as a demo, which
 * `npm start` refuses. Repeating it changes passwords and tokens to the given ones and nothing else.
 */
export async function seedDemo(databaseUrl: string, accounts: Accounts, tokens: Tokens): Promise<void> {
  const database = connect(databaseUrl, 2);
  try {
    const set = { demo: true, setUpAt: new Date() };
    await database.install.upsert({ where: { id: 1 }, create: { id: 1, ...set }, update: set });
    for (const { password, role, ...account } of accounts) {
      const email = account.email.toLowerCase();
      const passwordHash = await hashPassword(password);
      const person = await database.person.upsert({
        where: { email },
        create: { id: newId(), email, name: account.name, role, passwordHash },
        update: { passwordHash },
      });
      const token = tokens[role];
      if (!token) continue;
      const tokenHash = sha256(token);
      const name = `Demo ${role}`;
      await database.apiToken.updateMany({
        where: { ownerId: person.id, name, tokenHash: { not: tokenHash }, revokedAt: null },
        data: { revokedAt: new Date() },
      });
      await database.apiToken.upsert({
        where: { tokenHash },
        create: {
          id: newId(),
          ownerId: person.id,
          name,
          tokenHash,
          prefix: token.slice(0, 8),
          role,
          scope: { access: 'write', services: 'all', environments: 'all' },
        },
        update: {},
      });
    }
  } finally {
    await database.$disconnect();
  }
}

if (import.meta.main) {
  const json = (name: string, absent: string): unknown => JSON.parse(process.env[name] || absent);
  const url = process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_URL ?? '';
  const accounts = parseInput(demoAccounts, json('QD_DEMO_ACCOUNTS', '[]'));
  await seedDemo(url, accounts, parseInput(demoTokens, json('QD_DEMO_TOKENS', '{}')));
}
