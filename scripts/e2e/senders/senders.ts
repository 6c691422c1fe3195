import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { localhostCertificate } from '@keyturn/testkit';
import { hasPython, pythonWith } from '../python-environment.ts';

const examples = fileURLToPath(new URL('../../../packages/client/examples/', import.meta.url));

/** Where a sender believes the platform to be, and its token there. */
type Place = { readonly url: string; readonly port: number; readonly token: string; readonly phoneNumberId: string };
/** What a sender printed of one message. */
export type Printed = Readonly<Record<string, unknown>> & { readonly to: string };
/** A public client as its example uses it. */
export type Sender = {
  readonly name: string;
  /** Whether this machine has the language. */
  isThere(): Promise<boolean>;
  /** Sends a message to each number, one after the other. */
  send(place: Place, numbers: readonly string[]): Promise<Printed[]>;
};

async function sendWith(command: readonly [string, string], env: NodeJS.ProcessEnv, numbers: readonly string[]): Promise<Printed[]> {
  const [program, script] = command;
  const child = spawn(program, [script], { env: { PATH: process.env.PATH, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(numbers.map((to) => `${JSON.stringify({ to, text: 'Hello ä' })}\n`).join(''));
  const printed: Printed[] = [];
  for await (const line of createInterface({ input: child.stdout })) printed.push(JSON.parse(line));
  return printed;
}

const gateEnv = ({ url, token, phoneNumberId }: Place) => ({ GATE_URL: url, GATE_KEY: token, PHONE_NUMBER_ID: phoneNumberId });
const example = (name: string): [string, string] => [process.execPath, path.join(examples, name)];
const always = async () => true;

/** The public clients that are pointed at the gate as they are. */
export const senders: readonly Sender[] = [
  {
    ...{ name: 'Meta’s SDK, whatsapp', isThere: always },
    send: ({ port, token, phoneNumberId }, numbers) =>
      sendWith(
        example('meta-sdk.ts'),
        {
          ...{ NODE_ENV: 'production', NODE_EXTRA_CA_CERTS: localhostCertificate, WA_BASE_URL: 'localhost', WA_PORT: String(port) },
          ...{ CLOUD_API_ACCESS_TOKEN: token, CLOUD_API_VERSION: 'v25.0', WA_PHONE_NUMBER_ID: phoneNumberId },
        },
        numbers,
      ),
  },
  {
    ...{ name: 'whatsapp-api-js', isThere: always },
    send: (place, numbers) =>
      sendWith(example('whatsapp-api-js.ts'), { NODE_EXTRA_CA_CERTS: localhostCertificate, ...gateEnv(place) }, numbers),
  },
  {
    ...{ name: 'pywa', isThere: hasPython },
    async send(place, numbers) {
      const python = await pythonWith(path.join(examples, 'python/requirements.txt'));
      return sendWith(
        [python, path.join(examples, 'python/pywa_sender.py')],
        { SSL_CERT_FILE: localhostCertificate, ...gateEnv(place) },
        numbers,
      );
    },
  },
];
