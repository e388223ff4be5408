// A TCP proxy that does to connections what networks do.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** How many connections it has broken. */
  cuts(): number;
  stop(): void;
}

/** Breaks every connection once so many bytes went to the server over it, wherever that is by then; `onCut` is told how often
    that was. */
export async function cuttingProxy(target: () => string, cutAfter: number, onCut: (cuts: number) => void = () => {}): Promise<Proxy> {
  let cuts = 0;
  const server = createServer((client) => {
    const onward = connect(Number(new URL(target()).port), '127.0.0.1');
    const end = () => {
      client.destroy();
      onward.destroy();
    };
    let sent = 0;
    client.on('data', (part) => {
      sent += part.length;
      if (sent > cutAfter) {
        end();
        onCut(++cuts);
      } else if (!onward.write(part)) {
        client.pause();
      }
    });
    onward.on('drain', () => client.resume());
    onward.on('data', (part) => client.write(part));
    for (const socket of [client, onward]) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, cuts: () => cuts, stop: () => server.close() };
}

export interface Breakable {
  /** Where the page is behind it, without a final slash. */
  readonly url: string;
  /** Breaks every connection, and lets no new one through. */
  cut(): void;
  /** Lets them through again. */
  mend(): void;
  stop(): void;
}

/** Lets everything through until it is told not to. */
export async function breakableProxy(target: () => string): Promise<Breakable> {
  const open = new Set<() => void>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const onward = connect(Number(new URL(target()).port), '127.0.0.1');
    const end = () => {
      client.destroy();
      onward.destroy();
      open.delete(end);
    };
    open.add(end);
    client.pipe(onward);
    onward.pipe(client);
    for (const socket of [client, onward]) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = () => {
    isCut = true;
    for (const end of [...open]) end();
  };
  return { url: `http://127.0.0.1:${address.port}`, cut, mend: () => void (isCut = false), stop: () => { cut(); server.close(); } };
}
