export { connect, type Database, db, disconnect, type Transaction, withTransaction } from './client.ts';
export { databaseError, databaseUnavailable, isUnavailable, isUniqueViolation } from './errors.ts';
export { Prisma } from './generated/client.ts';
export { acquireLease, acquireLock, type Held, leaseHolder, lockName, releaseLease, renewLease } from './lease.ts';
export { createListener, type Listener, listener } from './listen.ts';
export { type Change, notify } from './notify.ts';
