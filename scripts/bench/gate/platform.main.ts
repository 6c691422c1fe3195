// usage: started by scripts/bench.ts   Takes every message, as the platform answers one, after the 20 ms that a way to it and back may take at the least.
import { createServer } from 'node:http';
import { announce } from './announce.ts';

const ANSWER_AFTER_MS = 20;
const answer = JSON.stringify({
  messaging_product: 'whatsapp',
  contacts: [{ input: '15550000001', wa_id: '15550000001' }],
  messages: [{ id: 'wamid.HBgLMTU1NTAwMDAwMDEVAgARGBI4QTlDRjNCMkYxRTc5RDBBNkMA' }],
});

announce(
  createServer((req, res) => {
    req.resume().on('end', () => {
      setTimeout(
        () => res.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer),
        ANSWER_AFTER_MS,
      );
    });
  }),
);
