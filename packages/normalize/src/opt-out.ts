import type { MessageReceived } from '@keyturn/contracts';
import { type Json, objectOf } from './payload/json.ts';
import { stopPhrases } from './stop-phrases.ts';

const PHRASE_CHARACTERS_MAX = 60;

/** Whether the person asks to be written to no more, by a quick reply, by what they chose of a list, or in so many words, also those that they changed
 *  a message to. Only the whole text counts, never a sentence that contains a stop word. What is said in a group is said to the group. */
export function readOptOut(message: Json, groupId: string | undefined): MessageReceived['optOut'] {
  if (groupId !== undefined) return undefined;
  const changedTo = message.type === 'edit' ? objectOf(objectOf(message.edit)?.message) : undefined;
  const said = objectOf(changedTo === undefined ? message.text : changedTo.text)?.body;
  if (said !== undefined && isStopPhrase(said)) return 'keyword';
  const button = objectOf(message.button);
  const interactive = objectOf(message.interactive);
  const reply = objectOf(interactive?.button_reply) ?? objectOf(interactive?.list_reply);
  const isStop = isStopPhrase(button?.payload) || isStopPhrase(button?.text) || isStopPhrase(reply?.id) || isStopPhrase(reply?.title);
  return isStop ? 'button' : undefined;
}

/** Case, punctuation, blanks, Arabic vowel signs and the spellings of alef don't matter. */
export function isStopPhrase(text: unknown): boolean {
  if (typeof text !== 'string' || text.length > PHRASE_CHARACTERS_MAX) return false;
  return foldedPhrases.has(PLAIN.test(text) ? foldedPlain(text) : folded(text));
}

/** Latin and Arabic vowel signs, tatweel, what makes a symbol an emoji, and what is not seen at all. */
const SIGNS = /[\u0300-\u036f]|[\u064b-\u065f]|\u0670|\u0640|\u20e3|[\ufe00-\ufe0f]|\p{Cf}/gu;
/** NFKD parts Latin and Arabic letters from their signs (é, إ), which go; Hindi words are made of such signs, which stay. */
const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(SIGNS, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();

/** Neither signs nor other letters than A to Z: almost every message in a Latin script. */
const PLAIN = /^[\x20-\x7e]*$/;
const BETWEEN_WORDS = /[^a-z0-9]+/g;
/** The same for plain text, in a fraction of the time. */
const foldedPlain = (text: string): string => text.toLowerCase().replace(BETWEEN_WORDS, ' ').trim();
const foldedPhrases: ReadonlySet<string> = new Set(stopPhrases.map(folded));
