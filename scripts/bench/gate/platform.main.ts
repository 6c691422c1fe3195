// usage: started by scripts/bench.ts   Takes every message, as the platform answers one, after the 20 ms that a way to it and back may take at the least.
import { createServer } from 'node:http';
import { announce } from './announce.ts';

const ANSWER_AFTER_MS = 20;
let taken = 0;

announce(
  createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { to } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { to: string };
      const id = `wamid.HBgLMTU1NTAwMDAwMDEVAgARGBI4QTlDRjNCMkYxRTc5RDBB${String(taken++).padStart(8, '0')}`;
      const answer = JSON.stringify({ messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id }] });
      setTimeout(
        () => res.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer),
        ANSWER_AFTER_MS,
      );
    });
  }),
);
