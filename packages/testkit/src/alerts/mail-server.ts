import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as it came. */
type ReceivedMail = { readonly from: string; readonly to: readonly string[]; readonly raw: string };
/** How it takes mail: well, not before it is told to (`hold`), or with a reply of its own: 550 for good, 451 for now. */
type MailBehaviour = 'well' | 'hold' | { readonly reply: 550 | 451 };
export type MailServer = {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  behaviour: MailBehaviour;
  /** How often somebody showed it a password. */
  readonly logins: () => number;
  /** How much it has got and said nothing of yet. */
  readonly held: () => number;
  /** Takes what it held: whoever sent that may be gone. */
  release(): void;
  down(): Promise<void>;
  up(): Promise<void>;
};
const REPLIES = { 550: '5.7.1 Message rejected as spam by the content filter', 451: '4.7.1 Greylisted, please try again later' } as const;

/** A mail server that takes mail for anybody but `nobody@…`, from whoever logs in, or does not. */
export async function mailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const held: (() => void)[] = [];
  let logins = 0;
  let server: SMTPServer;
  let port = 0;
  const local: MailServer = {
    ...{ url: '', mails, behaviour: 'well' },
    logins: () => logins,
    held: () => held.length,
    release() {
      for (const take of held.splice(0)) take();
    },
    down: () => new Promise((resolve) => server.close(() => resolve())),
    async up() {
      server = new SMTPServer({
        ...{ allowInsecureAuth: true, disabledCommands: ['STARTTLS'], logger: false, closeTimeout: 1 },
        onAuth({ username, password }, _session, done) {
          logins += 1;
          if (username === 'keyturn' && password === 'a-mail-password') done(null, { user: username });
          else done(new Error('Invalid username or password'));
        },
        onRcptTo({ address }, _session, done) {
          if (address.startsWith('nobody@')) done(Object.assign(new Error('5.1.1 No such user here'), { responseCode: 550 }));
          else done();
        },
        onData(stream, session, done) {
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            const { behaviour } = local;
            if (typeof behaviour === 'object')
              return done(Object.assign(new Error(REPLIES[behaviour.reply]), { responseCode: behaviour.reply }));
            const { mailFrom, rcptTo } = session.envelope;
            const take = () => {
              mails.push({
                from: mailFrom === false ? '' : mailFrom.address,
                to: rcptTo.map(({ address }) => address),
                raw: String(Buffer.concat(chunks)),
              });
              done();
            };
            if (behaviour === 'hold') held.push(take);
            else take();
          });
        },
      });
      server.on('error', () => {}); // of one connection
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
      port = (server.server.address() as AddressInfo).port;
    },
  };
  await local.up();
  return Object.assign(local, { url: `smtp://keyturn:a-mail-password@127.0.0.1:${port}` });
}
