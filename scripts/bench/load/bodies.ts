import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Whom the traffic is about. The same number gives the same person, whoever asks. */
export type Person = { readonly waId: string; readonly bsuid: string; readonly keyHash: string };
export const personOf = (number: number): Person => ({
  waId: `1555${String(number).padStart(7, '0')}`,
  bsuid: `US.40010000${String(number).padStart(12, '0')}`,
  keyHash: `hash${String(number).padStart(7, '0')}=`,
});

const FIXTURES = new URL('../../../packages/normalize/fixtures/', import.meta.url);
/** How the fixtures call the one person that they are about. */
const fixturePerson = { waId: '12025550101', bsuid: 'US.40010000000000000101', keyHashes: ['Zml4dHVyZTE=', 'Zml4dHVyZTI='] };
/** What comes in on an ordinary day, in percent: mostly what became of our own messages, some with the key hash that the check adds. */
const MIX: readonly (readonly [fixture: string, percent: number])[] = [
  ['statuses.sent', 16],
  ['statuses.delivered', 12],
  ['statuses.delivered.identity_key_hash', 8],
  ['statuses.read', 16],
  ['statuses.failed.131026', 2],
  ['messages.text', 8],
  ['messages.identity_key_hash', 18],
  ['messages.text.reply_context', 8],
  ['messages.image', 4],
  ['messages.interactive.button_reply', 5],
  ['messages.reaction', 3],
];

type Template = { readonly text: string; readonly wamids: readonly string[] };
const templates = MIX.flatMap(([name, percent]) => Array<Template>(percent).fill(templateOf(name)));
const underHash = templateOf('messages.identity_key_hash');

/** The one change of the fixture's body, as the platform sends it: without blanks. */
function templateOf(name: string): Template {
  const body = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as { entry: [{ changes: [object] }] };
  const text = JSON.stringify(body.entry[0].changes[0]).replaceAll(/"timestamp":"\d+"/g, '"timestamp":"@at@"');
  return { text, wamids: [...text.matchAll(/"id":"(wamid\.[^"]+)"/g)].map(([, wamid]) => wamid as string) };
}

function fill({ text, wamids }: Template, person: Person, at: number, id: string): string {
  const dated = text
    .replaceAll('@at@', String(at))
    .replaceAll(fixturePerson.waId, person.waId)
    .replaceAll(fixturePerson.bsuid, person.bsuid);
  const named = fixturePerson.keyHashes.reduce((sofar, hash) => sofar.replaceAll(hash, person.keyHash), dated);
  return wamids.reduce((sofar, wamid, i) => sofar.replaceAll(wamid, wamidOf(`${id}.${i}`)), named);
}

/** As long as a real one. */
const wamidOf = (id: string): string => `wamid.${createHash('sha384').update(id).digest('base64')}`;

/** One item about a person, of the kind that the number says, as a change of a body. `id` makes it one that never came before. */
export const changeOf = (number: number, person: Person, at: number, id: string): string =>
  fill(templates[number % templates.length] as Template, person, at, id);

/** A message under this hash: a second hash about a person blocks. */
export const messageUnder = (person: Person, keyHash: string, at: number, id: string): string =>
  fill(underHash, { ...person, keyHash }, at, id);

/** The body that brings these changes. */
export const bodyOf = (...changes: readonly string[]): string =>
  `{"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[${changes.join(',')}]}]}`;

/** The whole HTTP request, signed. */
export function requestOf(host: string, body: string, secret: string): Buffer {
  const bytes = Buffer.from(body);
  const signature = createHmac('sha256', secret).update(bytes).digest('hex');
  const head = [
    `POST /webhook HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\nuser-agent: facebookexternalua\r\naccept: */*`,
    `x-hub-signature-256: sha256=${signature}\r\ncontent-length: ${bytes.length}\r\n\r\n`,
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), bytes]);
}
