import { expect, it } from '@jest/globals';
import { RunbookRule } from '@keyturn/contracts';
import type { Verifiable } from './rule-for.ts';
import { runbookFor } from './runbook-for.ts';

const rules = [
  { name: 'moved', when: { evidence: ['number_change'] }, text: 'Ask the old number.' },
  { name: 'codes', when: { evidence: ['hash', 'mismatch'], optedInTo: ['authentication'] }, text: 'Ask for the card.' },
  { name: 'cairo', when: { phoneNumberIds: ['P2'] }, text: 'Call the branch in Cairo.' },
].map((rule) => RunbookRule.parse(rule));
const general = 'Call the number in the core system.';
const block = (kinds: string[], phoneNumberId: string, optedIn: boolean, status = 'blocked') =>
  ({
    identity: { status, keyHashes: [], evidence: kinds.map((kind) => ({ kind, phoneNumberId })) },
    consent: { authentication: { status: optedIn ? 'opted_in' : 'unknown' } },
  }) as unknown as Verifiable;

it.each([
  ['the first rule that fits', block(['hash'], 'P2', true), { rule: 'codes', text: 'Ask for the card.' }],
  ['a later one, where the first does not fit', block(['hash'], 'P2', false), { rule: 'cairo', text: 'Call the branch in Cairo.' }],
  ['none that leaves out a part of what happened', block(['number_change', 'hash'], 'P1', true), { rule: null, text: general }],
  ['else what holds in general', block(['hash'], 'P1', false), { rule: null, text: general }],
  ['nothing of whoever is not blocked', block([], 'P2', true, 'clear'), { rule: null, text: null }],
])('%s', (_what, about, said) => expect(runbookFor({ general, rules }, about)).toEqual(said));

it('nothing, where nothing is written', () =>
  expect(runbookFor({ general: null, rules: [] }, block(['hash'], 'P1', true))).toEqual({ rule: null, text: null }));
