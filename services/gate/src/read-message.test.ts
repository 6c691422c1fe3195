import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '@keyturn/domain';
import { readMessage } from './read-message.ts';

type Around = Parameters<typeof readMessage>[1];
const around: Around = { phoneNumberId: '1', door: 'messages', known: new Map(), named: undefined, policy: defaultPolicy };
const template = { messaging_product: 'whatsapp', to: '491700', type: 'template', template: { name: 'offer' } };

describe('the category of a template', () => {
  it.each<[guarantee: string, more: Partial<Around>, category: string | null]>([
    ['is what the sender says where the platform has said nothing', { named: 'utility' }, 'utility'],
    ['is what the platform said before that', { named: 'utility', known: new Map([['offer', 'marketing']]) }, 'marketing'],
    ['is unknown where what it said can’t be read, whatever the sender says', { named: 'utility', known: undefined }, null],
    [
      'is what the policy says before both',
      { named: 'marketing', known: undefined, policy: { ...defaultPolicy, templates: { offer: 'authentication' } } },
      'authentication',
    ],
  ])('%s', (_guarantee, more, category) =>
    expect(readMessage(template, { ...around, ...more })).toMatchObject({ kind: 'send', send: { category } }),
  );
});

describe('what makes another call of a message is refused by its name', () => {
  const receipt = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.1' };
  it.each(['batch', 'method', ' Batch', 'METHOD', 'batch[0]'])('%s', (name) => {
    for (const body of [template, receipt])
      expect(readMessage({ ...body, [name]: 'x' }, around)).toEqual({
        kind: 'refused',
        details: `${name}: makes another call of this one. Leave it out.`,
      });
  });
});
