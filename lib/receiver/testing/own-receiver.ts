import { afterAll, beforeAll } from 'vitest';
import type { Receiver } from '../receiver.ts';
import { createTelemetryDatabase, startTestReceiver, type TestDatabase } from './setup.ts';

export interface OwnReceiver {
  url: string;
  database: TestDatabase;
}

/** One receiver with a database of its own for all tests of a file, gone after them. */
export function ownReceiver(): OwnReceiver {
  let database: TestDatabase | undefined;
  let receiver: Receiver | undefined;
  beforeAll(async () => {
    database = await createTelemetryDatabase();
    receiver = await startTestReceiver(database.url);
  });
  afterAll(async () => {
    await receiver?.close();
    await database?.drop();
  });
  return {
    get url() {
      if (!receiver) throw new Error('the receiver runs within tests only');
      return receiver.url;
    },
    get database() {
      if (!database) throw new Error('the database is there within tests only');
      return database;
    },
  };
}
