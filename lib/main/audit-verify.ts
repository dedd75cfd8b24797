import { connect, databaseError } from '#lib/db/index.ts';
import { verifyAuditChain } from '#lib/facts/index.ts';

// 0: the chain holds; 1: it does not; 2: it could not be checked.
const url = process.env.DATABASE_OWNER_URL || process.env.DATABASE_URL;
if (!url) {
  process.stderr.write('DATABASE_OWNER_URL (or DATABASE_URL) is missing: a postgresql:// address.\n');
  process.exit(2);
}
const database = connect(url, 1);
try {
  const { links, records, broken } = await verifyAuditChain(database);
  if (broken) process.stderr.write(`The audit chain is broken: ${broken}.\n`);
  else process.stdout.write(`The audit chain holds: ${links} links over ${records} records.\n`);
  process.exitCode = broken ? 1 : 0;
} catch (error) {
  process.stderr.write(`The audit chain could not be checked: ${(databaseError(error) ?? (error as Error)).message}\n`);
  process.exitCode = 2;
} finally {
  await database.$disconnect();
}
