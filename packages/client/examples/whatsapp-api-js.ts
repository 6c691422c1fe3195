// usage: GATE_URL=https://gate.example.com GATE_KEY=<key of keyturn> PHONE_NUMBER_ID=106540352242922 node whatsapp-api-js.ts < messages
// The package `whatsapp-api-js` as it is: it takes a `fetch`, and this one goes to the gate in place of the platform. Sends each line {"to", "text"} of
// standard input, and prints what came of it.
import { createInterface } from 'node:readline';
import { WhatsAppAPI } from 'whatsapp-api-js';
import { Text } from 'whatsapp-api-js/messages';

const { GATE_URL = '', GATE_KEY = '', PHONE_NUMBER_ID = '' } = process.env;
const throughTheGate: typeof fetch = (url, init) => fetch(String(url).replace('https://graph.facebook.com', GATE_URL), init);
const sender = new WhatsAppAPI({ token: GATE_KEY, secure: false, v: 'v25.0', ponyfill: { fetch: throughTheGate } });

for await (const line of createInterface({ input: process.stdin })) {
  const { to, text } = JSON.parse(line) as { to: string; text: string };
  try {
    console.log(JSON.stringify({ to, answer: await sender.sendMessage(PHONE_NUMBER_ID, { phone: to }, new Text(text)) }));
  } catch (error) {
    console.log(JSON.stringify({ to, unknown: (error as Error).name }));
  }
}
