import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EgressError } from './errors.ts';
import { type EgressRequest, fetchOut, type Resolver } from './fetch-out.ts';

let server: Server;
let port: number;
let connections: number;
let listener: RequestListener;

beforeEach(async () => {
  connections = 0;
  listener = (_request, response) => response.end('hello');
  server = createServer((request, response) => listener(request, response));
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const toLoopback: Resolver = async () => [{ address: '127.0.0.1', family: 4 }];

function fetchIt(options: Partial<EgressRequest> = {}) {
  return fetchOut({ url: `http://127.0.0.1:${port}/`, allow: ['127.0.0.1'], timeoutMs: 2_000, ...options });
}

async function refusal(options: Partial<EgressRequest>): Promise<EgressError> {
  return fetchIt(options).then(
    () => {
      throw new Error('was not refused');
    },
    (error: EgressError) => error,
  );
}

describe('fetching what is allowed', () => {
  it('sends method, headers and body, and returns status, headers and body', async () => {
    listener = async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(201, { 'x-seen': `${request.method} ${request.headers['x-token']} ${body}` }).end('made');
    };
    const answer = await fetchIt({ method: 'POST', headers: { 'x-token': 't' }, body: '{}' });
    expect(answer.status).toBe(201);
    expect(answer.headers['x-seen']).toBe('POST t {}');
    expect(Buffer.from(answer.body).toString()).toBe('made');
  });

  it('reaches a name whose address is allowed', async () => {
    const answer = await fetchIt({ url: `http://chat.corp:${port}/`, resolve: toLoopback });
    expect(answer.status).toBe(200);
  });

  it('returns the errors of the other side as answers', async () => {
    listener = (_request, response) => response.writeHead(503).end();
    expect((await fetchIt()).status).toBe(503);
  });
});

describe('refusing', () => {
  it.each([
    ['file:///etc/passwd', 'scheme'],
    ['ftp://example.com/', 'scheme'],
    ['gopher://127.0.0.1/', 'scheme'],
    ['data:text/plain,x', 'scheme'],
    ['http://user:secret@example.com/', 'credentials'],
    ['http://', 'url'],
    ['example.com', 'url'],
    ['', 'url'],
    ['http://other.example.net/', 'host'],
  ])('%s: %s', async (url, reason) => {
    const error = await refusal({ url, allow: ['example.com'] });
    expect(error).toMatchObject({ reason, code: 'egress.refused', status: 403 });
    expect(error.detail).not.toContain('secret');
  });

  it.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::ffff:7f00:1]/',
    'http://127.1/',
    'http://0/',
  ])('loopback spelled as %s', async (url) => {
    expect(await refusal({ url: url.replace(/\/$/, `:${port}/`), allow: ['*'] })).toMatchObject({ reason: 'address' });
    expect(connections).toBe(0);
  });

  it('a name that resolves to loopback, without connecting', async () => {
    const error = await refusal({
      url: `http://hooks.example.com:${port}/`,
      allow: ['hooks.example.com'],
      resolve: toLoopback,
    });
    expect(error).toMatchObject({ reason: 'address', code: 'egress.refused' });
    expect(connections).toBe(0);
  });

  it('localhost by the system’s resolver', async () => {
    expect(await refusal({ url: `http://localhost:${port}/`, allow: ['*'] })).toMatchObject({ reason: 'address' });
    expect(connections).toBe(0);
  });

  it('a name with one public and one private address, whichever would be tried first', async () => {
    const resolve: Resolver = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await refusal({ url: `http://hooks.example.com:${port}/`, allow: ['*'], resolve })).toMatchObject({
      reason: 'address',
    });
    expect(connections).toBe(0);
  });

  it('a name that changes its mind: it is looked up once, and what was checked is what is connected to', async () => {
    const answers = ['127.0.0.1', '10.0.0.1'];
    let asked = 0;
    const resolve: Resolver = async () => [{ address: answers[asked++] ?? '', family: 4 }];
    const answer = await fetchIt({ url: `http://hooks.example.com:${port}/`, resolve });
    expect(answer.status).toBe(200);
    expect(asked).toBe(1);
  });

  it('a redirect, without following it and without repeating where it goes', async () => {
    let requests = 0;
    listener = (_request, response) => {
      requests += 1;
      response.writeHead(302, { location: `http://127.0.0.1:${port}/internal-place` }).end();
    };
    const error = await refusal({});
    expect(error).toMatchObject({ reason: 'redirect', code: 'egress.refused' });
    expect(error.detail).not.toContain('internal-place');
    expect(requests).toBe(1);
  });

  it.each([{ Host: 'internal' }, { 'transfer-encoding': 'chunked' }, { 'x-a': 'b\r\nx-c: d' }, { 'bad name': 'x' }])(
    'headers %j',
    async (headers) => {
      expect(await refusal({ headers: headers as unknown as Record<string, string> })).toMatchObject({
        reason: 'header',
      });
      expect(connections).toBe(0);
    },
  );
});

describe('limits', () => {
  it.each(['announced', 'not announced'])('a body that is too large and %s is cut off', async (how) => {
    const secret = 'body of the other side ';
    listener = (_request, response) => {
      if (how === 'announced') response.setHeader('content-length', secret.length * 10_000);
      for (let index = 0; index < 10_000; index++) response.write(secret);
      response.end();
    };
    const error = await refusal({ maxBytes: 1_000 });
    expect(error).toMatchObject({ reason: 'too_large', code: 'egress.failed', status: 503 });
    expect(JSON.stringify(error) + error.detail).not.toContain(secret);
  });

  it('a body of exactly the limit is read', async () => {
    listener = (_request, response) => response.end('x'.repeat(1_000));
    expect((await fetchIt({ maxBytes: 1_000 })).body.byteLength).toBe(1_000);
  });

  it('does not unpack: what is limited is what arrives', async () => {
    let accepted: string | undefined;
    listener = (request, response) => {
      accepted = request.headers['accept-encoding'];
      response.end();
    };
    await fetchIt();
    expect(accepted).toBe('identity');
  });

  it('a body that drips is given up in time', async () => {
    listener = (_request, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    };
    const startedAt = performance.now();
    expect(await refusal({ timeoutMs: 200 })).toMatchObject({ reason: 'timeout' });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it('headers that never come are given up in time', async () => {
    listener = () => {};
    expect(await refusal({ timeoutMs: 200 })).toMatchObject({ reason: 'timeout', code: 'egress.failed' });
  });

  it('a name that never resolves is given up in time', async () => {
    const resolve: Resolver = () => new Promise(() => {});
    expect(await refusal({ url: 'http://chat.corp/', resolve, timeoutMs: 200 })).toMatchObject({ reason: 'timeout' });
  });

  it('can be given up by the caller', async () => {
    listener = () => {};
    expect(await refusal({ signal: AbortSignal.timeout(50) })).toMatchObject({ reason: 'aborted' });
  });
});

describe('failures on the way are told apart', () => {
  it('no such name', async () => {
    const resolve: Resolver = () => Promise.reject(new Error('ENOTFOUND'));
    expect(await refusal({ url: 'http://chat.corp/', resolve })).toMatchObject({ reason: 'dns' });
  });

  it('nobody listens', async () => {
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const free = (closed.address() as AddressInfo).port;
    await new Promise((resolve) => closed.close(resolve));
    expect(await refusal({ url: `http://127.0.0.1:${free}/` })).toMatchObject({ reason: 'connect' });
  });

  it('something that is not HTTP', async () => {
    const tcp = createTcpServer((socket) => socket.resume().end('220 mail.example.com ESMTP\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(tcp, 'listening');
    const error = await refusal({ url: `http://127.0.0.1:${(tcp.address() as AddressInfo).port}/` });
    expect(error).toMatchObject({ reason: 'protocol' });
    expect(error.detail).not.toContain('mail.example.com');
    await new Promise((resolve) => tcp.close(resolve));
  });

  it('HTTPS to a server that does not speak it', async () => {
    const error = await refusal({ url: `https://127.0.0.1:${port}/` });
    expect(['tls', 'protocol']).toContain(error.reason);
  });
});
