import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A scrape target that shows the text that it is told, as OpenMetrics. */
export async function startExporter(text: () => string) {
  const server = createServer((_, response) => {
    response
      .writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' })
      .end(`${text()}# EOF\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
