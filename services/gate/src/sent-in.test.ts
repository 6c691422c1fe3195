import { expect, it } from '@jest/globals';
import { jsonOf } from './json-of.ts';
import { sentIn } from './sent-in.ts';

it.each([
  [
    'a message to a number',
    { contacts: [{ input: '+49 170', wa_id: '49170' }], messages: [{ id: 'wamid.1', message_status: 'accepted' }] },
    [{ wamid: 'wamid.1', waId: '49170' }],
  ],
  ['to a BSUID', { contacts: [{ input: 'DE.1', user_id: 'DE.1' }], messages: [{ id: 'wamid.1' }] }, [{ wamid: 'wamid.1', bsuid: 'DE.1' }]],
  ['to a group', { contacts: [{ input: 'group-1', wa_id: 'group-1' }], messages: [{ id: 'wamid.1' }] }, [{ wamid: 'wamid.1' }]],
  ['to nobody that is named', { messages: [{ id: 'wamid.1' }] }, [{ wamid: 'wamid.1' }]],
  [
    'to whom of two nobody knows',
    { contacts: [{ wa_id: '49170' }, { wa_id: '49171' }], messages: [{ id: 'wamid.1' }] },
    [{ wamid: 'wamid.1' }],
  ],
  ['to whom that nobody can read', { contacts: [{ wa_id: null, user_id: '' }], messages: [{ id: 'wamid.1' }] }, [{ wamid: 'wamid.1' }]],
  ['to whom in no list', { contacts: null, messages: [{ id: 'wamid.1' }] }, [{ wamid: 'wamid.1' }]],
  ['a read receipt', { success: true }, []],
  ['an id that is none', { messages: [{ id: 7 }] }, []],
  ['a refusal', { error: { code: 131_026 } }, []],
])('reads %s', (_what, answer, sent) => expect(sentIn(answer)).toEqual(sent));

it.each(['', 'no json', '[]', 'null'])('reads nothing in %j', (text) => expect(sentIn(jsonOf(text))).toEqual([]));
