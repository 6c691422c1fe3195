// usage: WA_BASE_URL=gate.example.com CLOUD_API_ACCESS_TOKEN=<key of keyturn> CLOUD_API_VERSION=v25.0 WA_PHONE_NUMBER_ID=106540352242922 NODE_ENV=production node meta-sdk.ts < messages
// Meta's SDK (npm `whatsapp`) as it is: the gate's host and a key with the scope `send` stand where the platform's host and token stood. It speaks HTTPS
// alone, to port 443. Sends each line {"to", "text"} of standard input, and prints what came of it.
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import * as sdk from 'whatsapp';

// A CommonJS module whose types say `default` where there is the class itself.
const WhatsApp = sdk.default as unknown as typeof sdk.default.default;
const sender = new WhatsApp();
if (process.env.WA_PORT) Object.assign(sender.requester, { port: Number(process.env.WA_PORT) });

for await (const line of createInterface({ input: process.stdin })) {
  const { to, text } = JSON.parse(line) as { to: string; text: string };
  try {
    const answer = await sender.messages.text({ body: text }, to as unknown as number);
    console.log(JSON.stringify({ to, status: answer.statusCode(), answer: await json(answer.rawResponse()) })); // its own reader waits for ever where an answer breaks off
  } catch (error) {
    console.log(JSON.stringify({ to, unknown: (error as Error).name }));
  }
}
sender.requester.client.clearSockets();
