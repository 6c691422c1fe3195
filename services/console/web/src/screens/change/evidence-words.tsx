import type { Evidence } from '@keyturn/contracts';
import type { ReactNode } from 'react';
import { words } from '../../words/language.tsx';

/** What each kind of evidence says, for a list and as the cause in a sentence. */
export const evidenceWords = words({
  en: {
    known_key_hash: (hash: ReactNode) => <>The holder you knew, key {hash}</>,
    other_key_hash: (hash: ReactNode) => <>Message with another key, {hash}</>,
    send_refused: (_hash: ReactNode) => <>Send failed: the account has another key (137000)</>,
    registered_anew: (_hash: ReactNode) => <>WhatsApp says the account was registered anew</>,
    number_changed: (_hash: ReactNode) => <>The person moved to another number</>,
    number_taken_over: (_hash: ReactNode) => <>Somebody else took over the number</>,
    ids_disagree: (_hash: ReactNode) => <>Number and user id point at two people</>,
    event_not_decided: (_hash: ReactNode) => <>Something came in that could not be judged</>,
    other: (_hash: ReactNode) => <>Something else speaks for another holder</>,
  },
  ar: {
    known_key_hash: (hash: ReactNode) => <>صاحب الرقم الذي تعرفونه، المفتاح {hash}</>,
    other_key_hash: (hash: ReactNode) => <>رسالة بمفتاح آخر، {hash}</>,
    send_refused: (_hash: ReactNode) => <>تعذّر الإرسال: للحساب مفتاح آخر (137000)</>,
    registered_anew: (_hash: ReactNode) => <>أفاد واتساب بأن الحساب سُجّل من جديد</>,
    number_changed: (_hash: ReactNode) => <>انتقل الشخص إلى رقم آخر</>,
    number_taken_over: (_hash: ReactNode) => <>أخذ شخص آخر هذا الرقم</>,
    ids_disagree: (_hash: ReactNode) => <>الرقم ومعرّف المستخدم يشيران إلى شخصين</>,
    event_not_decided: (_hash: ReactNode) => <>ورد ما تعذّر الحكم عليه</>,
    other: (_hash: ReactNode) => <>ورد ما يدل على صاحب آخر</>,
  },
});
type Said = (typeof evidenceWords)['en'];

const byKind: Readonly<Record<string, keyof Said>> = {
  hash: 'other_key_hash',
  mismatch: 'send_refused',
  legacy: 'registered_anew',
  number_change: 'number_changed',
  number_lost: 'number_taken_over',
  bsuid: 'ids_disagree',
  undecided: 'event_not_decided',
};

/** Under which word a piece of evidence stands, whatever newer kinds the console may know. */
export function sayingOf({ code, kind }: Evidence): keyof Said {
  if (code !== undefined && code in evidenceWords.en) return code as keyof Said;
  return byKind[kind] ?? 'other';
}
/** The evidence for another holder, as it came. */
export const against = (evidence: readonly Evidence[]): Evidence[] =>
  evidence.filter((one) => sayingOf(one) !== 'known_key_hash').sort((a, b) => a.firstAt.localeCompare(b.firstAt));
/** What shows the holder whom we knew. */
export const before = (evidence: readonly Evidence[]): Evidence[] => evidence.filter((one) => sayingOf(one) === 'known_key_hash');
/** One piece of evidence, the same however often it was looked at. */
export const evidenceKey = ({ kind, keyHash, identifier, phoneNumberId, firstAt, detail }: Evidence): string =>
  JSON.stringify([kind, keyHash, identifier, phoneNumberId, firstAt, detail]);
