import { describe, expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { breakingChanges } from './breaking.ts';
import { contractsFolder, type Published, publishedIn } from './published.ts';

const now = publishedIn(contractsFolder);
// biome-ignore lint/suspicious/noExplicitAny: a document that a test changes where it likes.
type Document = any;
/** What is published, with one file changed. */
function changed(file: string, change: (document: Document) => void): Published {
  const document = JSON.parse(now.get(file) ?? '');
  change(document);
  return new Map([...now, [file, JSON.stringify(document)]]);
}
const STATE = 'schemas/identity.state.v1/state.json';
const ROUTE = '/v1/contacts/{contactId}/identity/acknowledgements';
const PREFERENCE = 'schemas/whatsapp.inbound.v1/preference.changed.json';
const WEBHOOK = 'identity.verification_requested';
const body = (document: Document) => document.components.schemas.AcknowledgementRequest;

it('nothing changed breaks nothing', () => expect(breakingChanges(now, now)).toEqual([]));

describe('what readers, callers or keyturn itself relied on', () => {
  it.each<[string, Published, RegExp]>([
    ['a type that is gone', new Map([...now].filter(([file]) => file !== STATE)), /this type is gone/],
    ['a property that is gone', changed(STATE, (it) => delete it.properties.mergedInto), /mergedInto is gone/],
    ['another type', changed(STATE, (it) => (it.properties.version.type = 'string')), /version is string, not integer/],
    ['what was always there, absent at times', changed(STATE, (it) => it.required.pop()), /identity may be absent/],
    [
      'a value that no reader knows',
      changed(STATE, (it) => it.$defs.IdentityView.properties.status.enum.push('asleep')),
      /status may be asleep/,
    ],
    [
      'a value that old records have',
      changed(STATE, (it) => it.$defs.IdentityView.properties.status.enum.pop()),
      /can't be read: identity.status may be blocked/,
    ],
    [
      'a new property that old records lack',
      changed(STATE, (it) => {
        it.properties.more = { type: 'string' };
        it.required.push('more');
      }),
      /more may be absent/,
    ],
    [
      'a value that we take no more, though readers were told of others to come',
      changed(PREFERENCE, (it) => it.properties.preference['x-known-values'].pop()),
      /preference is no longer known as signup/,
    ],
    ['a topic that is gone', changed('asyncapi.json', (it) => delete it.channels['identity.state.v1']), /this topic is gone/],
    [
      'other partitions',
      changed('asyncapi.json', (it) => (it.channels['identity.state.v1'].bindings.kafka.partitions = 7)),
      /partitions are fixed/,
    ],
    [
      'another clean-up',
      changed('asyncapi.json', (it) => (it.channels['identity.state.v1'].bindings.kafka.topicConfiguration['cleanup.policy'] = ['delete'])),
      /cleanup was compact/,
    ],
    [
      'kept shorter',
      changed('asyncapi.json', (it) => (it.channels['identity.events.v1'].bindings.kafka.topicConfiguration['retention.ms'] = 1)),
      /kept shorter/,
    ],
    [
      'another key',
      changed('asyncapi.json', (it) => (it.components.messages['identity.state.v1.state'].bindings.kafka.key.description = 'the number')),
      /another key/,
    ],
    [
      'a header that is gone',
      changed('asyncapi.json', (it) => it.components.messages['identity.events.v1.identity.blocked'].headers.required.shift()),
      /event-type may be absent/,
    ],
    ['a route that is gone', changed('openapi.json', (it) => delete it.paths[ROUTE]), /this route is gone/],
    ['a status that is gone', changed('openapi.json', (it) => delete it.paths[ROUTE].post.responses['201']), /does not answer 201/],
    ['another scope', changed('openapi.json', (it) => (it.paths[ROUTE].post.security = [{ key: ['admin'] }])), /needs another scope/],
    ['a body that must say more', changed('openapi.json', (it) => body(it).required.push('note')), /note may be absent/],
    [
      'a body that may say less',
      changed('openapi.json', (it) => body(it).properties.verdict.enum.pop()),
      /verdict may be different_person/,
    ],
    ['a body that may not say it any more', changed('openapi.json', (it) => delete body(it).properties.note), /note is not taken/],
    ['shorter texts', changed('openapi.json', (it) => (body(it).properties.note.maxLength = 5)), /maxLength 4000, not 5/],
    [
      'a parameter that is gone',
      changed('openapi.json', (it) => it.paths['/v1/identity-changes'].get.parameters.shift()),
      /is not taken any more/,
    ],
    [
      'a parameter that must be sent',
      changed('openapi.json', (it) => (it.paths['/v1/identity-changes'].get.parameters[0].required = true)),
      /must be sent/,
    ],
    [
      'a parameter that may say less',
      changed('openapi.json', (it) => it.paths['/v1/identity-changes'].get.parameters[3].schema['x-known-values'].shift()),
      /query parameter signal is no longer known as hash/,
    ],
    [
      'a body of another kind',
      changed('openapi.json', (it) => (it.paths[ROUTE].post.requestBody.content = { 'text/csv': { schema: { type: 'string' } } })),
      /body is text\/csv, not application\/json/,
    ],
    [
      'an answer that says less',
      changed('openapi.json', (it) => delete it.components.schemas.ContactJson.properties.consent),
      /consent is gone/,
    ],
    [
      'an answer of another kind',
      changed('openapi.json', (it) => {
        const { content } = it.paths[ROUTE].post.responses['409'];
        it.paths[ROUTE].post.responses['409'].content = { 'application/json': content['application/problem+json'] };
      }),
      /409 is application\/json, not application\/problem\+json/,
    ],
    ['a webhook that is gone', changed('openapi.json', (it) => delete it.webhooks[WEBHOOK]), /this webhook is gone/],
    [
      'a webhook that says less',
      changed('openapi.json', (it) => delete it.components.schemas.VerificationRequested.properties.data.properties.requestId),
      /requestId is gone/,
    ],
    [
      'a webhook that is signed no more',
      changed('openapi.json', (it) => it.webhooks[WEBHOOK].post.parameters.pop()),
      /webhook-signature does not come any more/,
    ],
  ])('%s breaks', (_case, current, why) => expect(breakingChanges(now, current).join('\n')).toMatch(why));
});

type Place = { readonly holder: Document; readonly key: string };
/** Every property, value of a choice, option, type, and all that must be there. */
function promisesOf(node: Document, named?: string): Place[] {
  if (typeof node !== 'object' || node === null) return [];
  const isPromise = (key: string) =>
    named === 'properties' || ['enum', 'required', 'x-known-values', 'anyOf', 'oneOf'].includes(named ?? '') || key === 'type';
  return Object.keys(node).flatMap((key) => [
    ...(isPromise(key) ? [{ holder: node, key }] : []),
    ...promisesOf(node[key], named === 'properties' || named === '$defs' ? 'schema' : key),
  ]);
}

it('whatever a record promises and does no more is told, wherever it stands', () => {
  const files = [...now.keys()].filter((file) => file.startsWith('schemas/'));
  const one = fc.constantFrom(...files).chain((file) => {
    const count = promisesOf(JSON.parse(now.get(file) ?? '')).length;
    return fc.record({ file: fc.constant(file), at: fc.nat(count - 1) });
  });
  fc.assert(
    fc.property(one, ({ file, at }) => {
      const document = JSON.parse(now.get(file) ?? '');
      const { holder, key } = promisesOf(document)[at] as Place;
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else if (key === 'type' && typeof holder[key] === 'string') holder[key] = holder[key] === 'string' ? 'boolean' : 'string';
      else delete holder[key];
      const [was, is] = [now.get(file) ?? '', JSON.stringify(document)].map((text) => new Map([[file, text]]));
      expect(breakingChanges(was as Published, is as Published)).not.toEqual([]);
    }),
    propertyRuns(),
  );
});

describe('growth', () => {
  it.each<[string, Published]>([
    ['a new type', new Map([...now, ['schemas/identity.state.v1/more.json', '{}']])],
    ['a new property that may be absent', changed(STATE, (it) => (it.properties.more = { type: 'string' }))],
    [
      'another kind of evidence, which readers were told to expect',
      changed(STATE, (it) => it.$defs.Evidence.properties.kind['x-known-values'].push('more')),
    ],
    ['other words', changed(STATE, (it) => (it.description = 'More.'))],
    ['a body that may say more', changed('openapi.json', (it) => (body(it).properties.more = { type: 'string' }))],
    ['a new route', changed('openapi.json', (it) => (it.paths['/v2'] = it.paths['/healthz']))],
    [
      'an answer that says more',
      changed('openapi.json', (it) => {
        it.components.schemas.ContactJson.properties.more = { type: 'string' };
        it.components.schemas.ContactJson.required.push('more');
      }),
    ],
    [
      'kept longer',
      changed('asyncapi.json', (it) => (it.channels['identity.events.v1'].bindings.kafka.topicConfiguration['retention.ms'] *= 2)),
    ],
  ])('%s breaks nothing', (_case, current) => expect(breakingChanges(now, current)).toEqual([]));
});
