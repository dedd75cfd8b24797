import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Listens on a fixed port and hands each connection to one of the ready replicas in turn, so that a service keeps its
 * address while replicas come and go. Without a ready one the connection is closed, as it would be with nobody there.
 */
export function openIngress(port: number, ports: () => readonly number[]): Promise<Server> {
  let turn = 0;
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (incoming) => {
    incoming.on('error', () => {});
    const candidates = ports();
    turn += 1;
    attempt(incoming, candidates, turn, candidates.length);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function attempt(incoming: Socket, ports: readonly number[], turn: number, left: number): void {
  const port = ports[turn % ports.length];
  if (port === undefined || left === 0) {
    incoming.destroy();
    return;
  }
  const outgoing = connect({ port, host: '127.0.0.1', noDelay: true });
  let connected = false;
  outgoing.once('connect', () => {
    connected = true;
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  });
  outgoing.on('error', () => {
    if (connected) incoming.destroy();
    else attempt(incoming, ports, turn + 1, left - 1);
  });
  outgoing.on('close', () => {
    if (connected) incoming.end();
  });
  incoming.on('close', () => outgoing.destroy());
}
