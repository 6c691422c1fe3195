import { describe, expect, it } from '@jest/globals';
import { isStopPhrase } from './opt-out.ts';
import { events, fixture, ofMessage } from './testing.ts';

describe('a wish to hear no more', () => {
  it.each([
    ...[
      'STOP',
      'stop.',
      ' Stop! ',
      '«Stop»',
      'STOP ✋🏽',
      'STOP ✋️',
      'UNSUBSCRIBE',
      'Un\u00adsubscribe',
      'stop promotions',
      'Stop-Promotions',
      'ｓｔｏｐ',
      'Don’t message me!',
      'No more messages',
    ],
    ...[
      'إلغاء الاشتراك',
      'الغاء الاشتراك',
      'إِلْغَاء الاشتراك.',
      'إيقاف',
      'ايقاف',
      'لا أريد رسائل',
      'إيقــاف!',
      'arrêter',
      'ARRETER',
      'стоп',
      'रोकें',
    ],
  ])('%s', (phrase) => expect(isStopPhrase(phrase)).toBe(true));

  it.each([
    ...[
      '',
      '!',
      'cancel',
      'Cancel order',
      'end',
      'please stop the music',
      'Where is the bus stop?',
      'stop by tomorrow',
      'non-stop',
      'stopping',
    ],
    ...[
      'إلغاء',
      'إلغاء الطلب',
      'أريد إلغاء الاشتراك في الباقة القديمة',
      'रुकें',
      `stop${' '.repeat(100)}`,
      7,
      null,
      ['stop'],
      { body: 'stop' },
    ],
  ])('not %p', (text) => expect(isStopPhrase(text)).toBe(false));
});

it.each<[string, object, unknown]>([
  ['in so many words', { text: { body: 'Stop' } }, 'keyword'],
  ['by a template button', { type: 'button', button: { payload: 'x', text: 'Stop promotions' } }, 'button'],
  ['by its payload', { type: 'button', button: { payload: 'STOP', text: 'x' } }, 'button'],
  [
    'by a reply button',
    { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'x', title: 'Unsubscribe' } } },
    'button',
  ],
  [
    'by its id',
    { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'STOP', title: 'Nein danke' } } },
    'button',
  ],
  [
    'by a row of a list',
    { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: '3', title: 'إلغاء الاشتراك' } } },
    'button',
  ],
  [
    'not by another row',
    { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: '3', title: 'Bus stop' } } },
    undefined,
  ],
  ['by a message that was changed to it', { type: 'edit', edit: { message: { type: 'text', text: { body: 'STOP' } } } }, 'keyword'],
  ['not by one that was changed to something else', { type: 'edit', edit: { message: { type: 'text', text: { body: 'Go' } } } }, undefined],
  ['not in a group', { group_id: 'G', text: { body: 'Stop' } }, undefined],
  ['to us where the group is none', { group_id: '', text: { body: 'Stop' } }, 'keyword'],
  ['not by a sentence', { text: { body: 'do stop that' } }, undefined],
])('said %s', (_case, differences, optOut) => {
  const { text: _text, ...rest } = { text: undefined, ...differences };
  expect(ofMessage('text' in differences ? differences : { ...rest, text: undefined })[0]?.optOut).toBe(optOut);
});

it('the fixture of it is one, that of another button is none', () => {
  expect(events(fixture('messages.button.stop_promotions'))[0]?.optOut).toBe('button');
  expect(events(fixture('messages.button'))[0]).not.toHaveProperty('optOut');
  expect(events(fixture('messages.interactive.button_reply'))[0]).not.toHaveProperty('optOut');
});
