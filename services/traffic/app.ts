import { createServer, type Server, type ServerOptions } from '#kit/server.ts';

/** The generator serves nothing but its health and its metrics. */
export function buildApp(options: ServerOptions): Promise<Server> {
  return createServer(options);
}
