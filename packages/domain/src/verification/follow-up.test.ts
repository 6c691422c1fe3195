import { expect, it } from '@jest/globals';
import { type ConsentView, type IdentityView, VerificationRule, VerificationStatus } from '@keyturn/contracts';
import fc from 'fast-check';
import { followUp, type LastRequest } from './follow-up.ts';
import type { Verifiable } from './rule-for.ts';

const NOW = 1_000_000;
const rules = [VerificationRule.parse({ name: 'all', endpoint: 'app' })];
const block = (version: number): Verifiable => ({
  identity: { version, evidence: [], keyHashes: [] } as unknown as IdentityView,
  consent: {} as ConsentView,
});
const last = (version: number, status: VerificationStatus, more: Partial<LastRequest> = {}): LastRequest => ({
  ...{ version, status, attempts: 1, nextAttemptAt: NOW - 5 },
  ...more,
});

it.each<[string, LastRequest | undefined, Verifiable | null, { supersede: boolean; at: number | null }]>([
  ['the first block is asked about at once', undefined, block(2), { supersede: false, at: NOW }],
  ['no block, nothing to ask', undefined, null, { supersede: false, at: null }],
  ['of one version it is asked once, while it is open', last(2, 'delivered'), block(2), { supersede: false, at: null }],
  ['and once it is over', last(2, 'expired'), block(2), { supersede: false, at: null }],
  [
    'a newer one takes the place of one that was sent, a minute later',
    last(2, 'delivered'),
    block(3),
    { supersede: true, at: NOW + 60_000 },
  ],
  ['of one that was tried, too', last(2, 'waiting'), block(3), { supersede: true, at: NOW + 60_000 }],
  [
    'of one that was not, at its time',
    last(2, 'waiting', { attempts: 0, nextAttemptAt: NOW + 9 }),
    block(3),
    { supersede: true, at: NOW + 9 },
  ],
  ['of one whose time has come, at once', last(2, 'waiting', { attempts: 0 }), block(3), { supersede: true, at: NOW }],
  ['after an answer the next block is asked about at once', last(2, 'answered'), block(4), { supersede: false, at: NOW }],
  ['a block that ended ends what is asked', last(2, 'waiting'), null, { supersede: true, at: null }],
  ['and what is over stays as it is', last(2, 'answered'), null, { supersede: false, at: null }],
])('%s', (_guarantee, before, now, { supersede, at }) => {
  expect(followUp(before, now, rules, NOW)).toEqual({ supersede, ask: at === null ? null : { rule: rules[0], at } });
});

it('without a rule that fits, what is open is over, and nobody is asked', () => {
  expect(followUp(last(2, 'delivered'), block(3), [], NOW)).toEqual({ supersede: true, ask: null });
});

it('whatever happens, at most one request is open, it is about the newest version that was looked at, and looking again changes nothing', () =>
  fc.assert(
    fc.property(
      fc.array(fc.record({ blocked: fc.boolean(), ends: fc.option(fc.constantFrom(...VerificationStatus.options)) })),
      (steps) => {
        let requests: LastRequest[] = [];
        const look = (now: Verifiable | null) => {
          const { supersede, ask } = followUp(requests.at(-1), now, rules, NOW);
          if (supersede) requests = requests.map((one) => (isOpen(one) ? { ...one, status: 'superseded' } : one));
          if (ask !== null && now !== null)
            requests.push({ version: now.identity.version, status: 'waiting', attempts: 0, nextAttemptAt: ask.at });
        };
        for (const [i, { blocked, ends }] of steps.entries()) {
          const now = blocked ? block(i + 1) : null;
          look(now);
          const once = JSON.stringify(requests);
          look(now);
          expect(JSON.stringify(requests)).toBe(once);
          const open = requests.filter(isOpen);
          expect(open.map(({ version }) => version)).toEqual(blocked ? [i + 1] : []);
          if (ends !== null) requests = requests.map((one) => (isOpen(one) ? { ...one, status: ends } : one));
        }
      },
    ),
  ));
const isOpen = ({ status }: LastRequest) => status === 'waiting' || status === 'delivered';
