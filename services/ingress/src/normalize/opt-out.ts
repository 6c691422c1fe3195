import type { MessageReceived } from '@keyturn/contracts';
import { type Json, objectOf } from '../payload/json.ts';
import { stopPhrases } from './stop-phrases.ts';

const PHRASE_CHARACTERS_MAX = 60;

/** Whether the person asks to be written to no more, by a quick reply or in so many words. Only the whole text counts, never a sentence that
 *  contains a stop word. What is said in a group is said to the group. */
export function readOptOut(message: Json): MessageReceived['optOut'] {
  if (message.group_id !== undefined && message.group_id !== null) return undefined;
  const button = objectOf(message.button);
  const reply = objectOf(objectOf(message.interactive)?.button_reply);
  if ([button?.payload, button?.text, reply?.title].some(isStopPhrase)) return 'button';
  return isStopPhrase(objectOf(message.text)?.body) ? 'keyword' : undefined;
}

/** Case, punctuation, blanks, Arabic vowel signs and the spellings of alef don't matter. */
export function isStopPhrase(text: unknown): boolean {
  return typeof text === 'string' && text.length <= PHRASE_CHARACTERS_MAX && mayBegin(text) && foldedPhrases.has(folded(text));
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
const foldedPhrases: ReadonlySet<string> = new Set(stopPhrases.map(folded));

const ASCII_ONLY = /^[\x20-\x7f]*$/;
const FIRST_WORD = /[A-Za-z0-9]+/;
const firstWords: ReadonlySet<string> = new Set([...foldedPhrases].map((phrase) => phrase.split(' ')[0] ?? ''));
/** False where its first word begins no phrase: that spares almost every plain message the folding. */
function mayBegin(text: string): boolean {
  if (!ASCII_ONLY.test(text)) return true;
  return firstWords.has(FIRST_WORD.exec(text)?.[0].toLowerCase() ?? '');
}
