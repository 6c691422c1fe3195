// usage: VERIFICATION_SECRET=whsec_… PORT=3000 node receiver.ts   Takes keyturn's requests to verify somebody, and answers them (docs/verification.md).
import { createServer, type IncomingMessage } from 'node:http';
import { Webhook } from 'standardwebhooks';

type Requested = { data: { requestId: string; contactId: string; callbackUrl: string } };
type Answer = { verdict: 'same_person' | 'different_person' | 'not_verified'; proof: { method: string; reference: string; by: string } };

const webhook = new Webhook(process.env.VERIFICATION_SECRET ?? '');
const known = new Set<string>(); // yours: a table, so that a restart forgets none

/** Yours: let the app ask for face and PIN, or have the call centre ring back on a number from your own records. */
async function verify(contactId: string): Promise<Answer> {
  return {
    verdict: 'same_person',
    proof: { method: 'app_face_and_pin', reference: `case-${contactId.slice(0, 8)}`, by: 'example receiver' },
  };
}

async function answer({ data }: Requested): Promise<void> {
  const body = JSON.stringify(await verify(data.contactId));
  const response = await fetch(data.callbackUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  console.log(`${data.requestId}: ${response.status}`); // 409: it moved on, and nothing is to be done. 503: send it again
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const server = createServer(async (req, res) => {
  const body = await bodyOf(req);
  try {
    webhook.verify(body, req.headers as Record<string, string>); // throws: not from keyturn, changed on the way, or older than five minutes
  } catch {
    return void res.writeHead(401).end();
  }
  const requested = JSON.parse(body) as Requested;
  const isNew = !known.has(requested.data.requestId);
  known.add(requested.data.requestId);
  res.writeHead(200).end(); // at once: whoever is asked takes minutes
  if (isNew) await answer(requested).catch((error) => console.error(String(error)));
});
server.listen(Number(process.env.PORT ?? 3000), () => console.log('listening'));
