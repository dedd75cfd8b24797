import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Socket {
  request: IncomingMessage;
  send(text: string): void;
  /** Ends the connection without a word, as a broken one does. */
  break(): void;
  onClose(listener: () => void): void;
}

/** The server's half of RFC 6455 as far as a tail needs it: it sends text and hears only that the other side leaves. */
export function acceptWebSockets(server: Server, onOpen: (socket: Socket) => void): void {
  server.on('upgrade', (request: IncomingMessage, stream: Duplex) => {
    const key = request.headers['sec-websocket-key'] ?? '';
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const listeners: (() => void)[] = [];
    const gone = () => {
      for (const listener of listeners.splice(0)) listener();
      stream.destroy();
    };
    stream.on('error', gone);
    stream.on('close', gone);
    stream.on('data', (chunk: Buffer) => {
      if (((chunk[0] ?? 0) & 0x0f) === 8) gone();
    });
    onOpen({
      request,
      send: (text) => void stream.write(textFrame(text)),
      break: () => stream.destroy(),
      onClose: (listener) => void listeners.push(listener),
    });
  });
}

function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, payload.length])
      : payload.length < 65_536
        ? Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff])
        : Buffer.alloc(10);
  if (head.length === 10) {
    head[0] = 0x81;
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}
