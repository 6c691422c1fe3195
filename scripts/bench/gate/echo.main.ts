// usage: started by scripts/bench.ts   The least that an HTTP service with JSON can do: read it, and answer what came.
import { createServer } from 'node:http';
import { announce } from './announce.ts';

announce(
  createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
    });
  }),
);
