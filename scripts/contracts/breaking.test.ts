import { describe, expect, it } from '@jest/globals';
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
      'an answer that says less',
      changed('openapi.json', (it) => delete it.components.schemas.ContactJson.properties.consent),
      /consent is gone/,
    ],
  ])('%s breaks', (_case, current, why) => expect(breakingChanges(now, current).join('\n')).toMatch(why));
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
