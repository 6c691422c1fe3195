import { describe, expect, it } from '@jest/globals';
import { bodyOf, fixture, ofMessage, SENT_AT, text } from '@keyturn/normalize/testing';
import { startLine } from '@keyturn/testkit/line-in-memory';

const ADA = 'w:12025550101';
const at = (seconds: number) => ({ timestamp: String(SENT_AT + seconds) });
/** A message of Ada's under this hash, so many seconds later. */
const hashed = (hash: string, seconds: number) =>
  bodyOf({
    contacts: [{ wa_id: '12025550101', identity_key_hash: hash }],
    messages: [text({ id: `wamid.${hash}.${seconds}`, ...at(seconds) })],
  });
const status = (seconds: number, more: object) =>
  bodyOf({ statuses: [{ id: `wamid.out.${seconds}`, recipient_id: '12025550101', ...at(seconds), ...more }] });
const mismatch = (seconds: number) => status(seconds, { status: 'failed', errors: [{ code: 137000 }] });
const seenBy = (line: ReturnType<typeof startLine>) => {
  const { keyHash = null, version = 0 } = line.person(ADA)?.identity ?? {};
  return { keyHash, version };
};
const statusOf = (line: ReturnType<typeof startLine>) => line.person(ADA)?.identity.status;

describe('the identity gate', () => {
  it('trap 26: a send refused for its hash blocks, as a status that comes later', () =>
    expect(statusOf(startLine().take(fixture('messages.identity_key_hash'), fixture('statuses.failed.137000')))).toBe('blocked'));
  it('trap 27: the first hash is a baseline, and no hash is no information', () => {
    const line = startLine().take(hashed('h1', 0));
    expect(statusOf(line)).toBe('clear');
    line.take(
      bodyOf({ messages: [text({ id: 'wamid.none', ...at(60) })] }),
      status(90, { status: 'delivered' }),
      status(91, { status: 'failed', errors: [{ code: 131026 }] }),
    );
    expect(line.person(ADA)?.identity).toMatchObject({ status: 'clear', keyHash: 'h1' });
    line.take(hashed('h2', 120), bodyOf({ messages: [text({ id: 'wamid.none2', ...at(180) })] }));
    expect(statusOf(line)).toBe('blocked');
  });
  it('trap 28: an old status with the hash of before neither flips the state back nor pages again', () => {
    const line = startLine().take(hashed('h1', 0), hashed('h2', 60));
    const old = status(30, { status: 'delivered', recipient_identity_key_hash: 'h1' });
    line.acknowledge(ADA, seenBy(line));
    const [before, told] = [line.person(ADA)?.identity, line.told().length];
    expect(before?.status).toBe('clear');
    line.take(old, old, hashed('h1', 0));
    expect([line.person(ADA)?.identity, line.told().length]).toEqual([before, told]);
  });
  it('trap 29: a legacy block that repeats on every message is told once', () => {
    const repeated = (n: number) =>
      bodyOf({
        messages: [text({ id: `wamid.${n}`, ...at(n), identity: { hash: 'L', created_timestamp: '1795132000', acknowledged: false } })],
      });
    const line = startLine().take(...Array.from({ length: 10 }, (_, n) => repeated(n)));
    expect(statusOf(line)).toBe('blocked');
    expect(line.told().filter((type) => type.startsWith('identity.'))).toEqual(['identity.blocked']);
  });
  it('trap 30: acknowledged on the platform’s side, as boolean or text, releases nobody', () => {
    for (const acknowledged of [true, 'true', false, 'false', undefined]) {
      expect(ofMessage({ identity: { hash: 'L', acknowledged } })[0]?.legacyIdentity).toEqual({ keyHash: 'L' });
      expect(statusOf(startLine().take(bodyOf({ messages: [text({ identity: { hash: 'L', acknowledged } })] })))).toBe('blocked');
    }
  });
  it('trap 31: a decision on what was seen is refused once there is more, and then releases nothing', () => {
    const line = startLine().take(hashed('h1', 0), hashed('h2', 60));
    const seen = seenBy(line);
    line.take(hashed('h3', 120));
    expect(line.acknowledge(ADA, seen)).toBe('moved_on');
    expect(statusOf(line)).toBe('blocked');
    expect(line.acknowledge(ADA, { ...seenBy(line), keyHash: 'h1' })).toBe('moved_on');
    expect(line.acknowledge(ADA, seenBy(line))).toBe('done');
    expect(statusOf(line)).toBe('clear');
  });
  it('trap 32: a send under the hash of before that fails after the decision opens no new block, where it says what it carried', () => {
    const failed = (seconds: number, data?: string) =>
      status(seconds, { status: 'failed', errors: [{ code: 137000 }], ...(data === undefined ? {} : { biz_opaque_callback_data: data }) });
    const decided = () => {
      const line = startLine().take(hashed('h1=', 0), hashed('h2+/=', 60));
      line.acknowledge(ADA, seenBy(line));
      return line;
    };
    for (const data of ['keyturn-hash=h1=', 'order 7; keyturn-hash=h1=', 'keyturn-hash=h1=,x'])
      expect(statusOf(decided().take(failed(120, data)))).toBe('clear');
    for (const data of [undefined, 'order 7', 'keyturn-hash=h2+/=', 'xkeyturn-hash=h1=', 'keyturn-hash='])
      expect(statusOf(decided().take(failed(120, data)))).toBe('blocked');
  });
  it('trap 32: after a refused send is decided on, there is no hash to send with, and the next one is the baseline', () => {
    const line = startLine().take(hashed('h1', 0), mismatch(60));
    expect(line.acknowledge(ADA, seenBy(line))).toBe('done');
    expect(line.person(ADA)?.identity).toMatchObject({ status: 'unknown', keyHash: null });
    line.take(status(120, { status: 'delivered', recipient_identity_key_hash: 'h2' }));
    expect(line.person(ADA)?.identity).toMatchObject({ status: 'clear', keyHash: 'h2' });
  });
});
