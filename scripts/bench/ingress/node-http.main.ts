// usage: started by scripts/bench.ts   The least that a webhook server can do: check the HMAC, parse the JSON, answer. It keeps nothing.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const secret = process.env.WHATSAPP_APP_SECRET ?? '';

const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    const said = Buffer.from(String(req.headers['x-hub-signature-256'] ?? '').slice('sha256='.length), 'hex');
    const digest = createHmac('sha256', secret).update(body).digest();
    if (said.length !== digest.length || !timingSafeEqual(said, digest)) {
      res.statusCode = 401;
      return void res.end();
    }
    JSON.parse(body.toString('utf8'));
    res.end('OK');
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'started', url: `http://127.0.0.1:${port}` }));
});
process.on('SIGTERM', () => process.exit());
