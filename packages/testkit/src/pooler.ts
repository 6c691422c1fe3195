import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Client } from 'pg';

/** A connection pooler before a PostgreSQL, and its end. */
export type Pooler = { readonly url: string; stop(): Promise<void> };

const READY_IDLE = 'I'.charCodeAt(0);
/** What a client may say along with its startup, as PgBouncer has it. */
const ALLOWED = ['user', 'database', 'application_name', 'client_encoding'];

/** A pooler as PgBouncer is: lets everybody in under a process id that it makes up, refuses unknown startup parameters, and lends the server connection
 *  that was given back last, for a transaction or until the client leaves; `inTurn`: the one that has waited longest, of two that it begins with. */
export async function startPooler(databaseUrl: string, mode: 'transaction' | 'session', inTurn = false): Promise<Pooler> {
  const idle: Socket[] = [];
  const all: Socket[] = [];
  const clients = new Set<Socket>();
  const lend = async (): Promise<Socket> => {
    const free = inTurn ? idle.shift() : idle.pop();
    if (free !== undefined) return free;
    const opened = await openServer(databaseUrl);
    all.push(opened);
    return opened;
  };
  if (inTurn) idle.push(await lend(), await lend());
  const listener = createServer((socket) => {
    clients.add(socket.setNoDelay());
    socket.on('close', () => clients.delete(socket)).on('error', () => {});
    serve(socket, { mode, lend, giveBack: (server) => void idle.push(server) });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((listener.address() as AddressInfo).port);
  const stop = async () => {
    for (const socket of clients) socket.destroy();
    await new Promise((resolve) => listener.close(resolve));
    for (const server of all) server.destroy();
  };
  return { url: url.href, stop };
}

/** A connection that has logged in, with nobody at this end of it. */
async function openServer(databaseUrl: string): Promise<Socket> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'pooler' });
  await client.connect();
  const { stream } = (client as Client & { connection: { stream: Socket } }).connection;
  stream.removeAllListeners('data');
  client.on('error', () => {});
  return stream.setNoDelay();
}

type Loan = { readonly mode: 'transaction' | 'session'; lend(): Promise<Socket>; giveBack(server: Socket): void };

function serve(client: Socket, { mode, lend, giveBack }: Loan): void {
  let server: Socket | undefined;
  let started = false;
  const release = () => {
    server?.removeAllListeners('data');
    if (server !== undefined) giveBack(server);
    server = undefined;
  };
  /** What a client leaves behind, locks and settings, goes with the connection. */
  const leave = () => {
    server?.destroy();
    server = undefined;
  };
  const toClient = messages((one) => {
    client.write(one);
    if (one[0] === 'Z'.charCodeAt(0) && one[5] === READY_IDLE && mode === 'transaction') release();
  });
  let turn = Promise.resolve();
  const say = (one: Buffer) => {
    if (one[0] === 'X'.charCodeAt(0)) return leave();
    turn = turn.then(async () => {
      if (server === undefined) {
        server = await lend();
        server.on('data', toClient);
      }
      server.write(one);
    });
  };
  const fromClient = messages(say);
  client.on('data', (chunk: Buffer) => {
    if (started) return fromClient(chunk);
    started = true;
    client.write(greeting(chunk));
  });
  client.on('close', leave);
}

/** Cuts a stream into messages: a letter, a length that counts itself, a body. */
function messages(each: (one: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = 1 + rest.readInt32BE(1);
      each(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function greeting(startup: Buffer): Buffer {
  const names = startup
    .subarray(8)
    .toString()
    .split('\0')
    .filter((_, i) => i % 2 === 0); // name, value, name, value
  const refused = names.find((name) => name !== '' && !ALLOWED.includes(name));
  if (refused) return message('E', Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter: ${refused}\0\0`));
  const [welcome, ready] = [Buffer.alloc(4), Buffer.from('I')];
  return Buffer.concat([message('R', welcome), message('K', randomBytes(8)), message('Z', ready)]);
}
