/** WhatsApp answers some numbers under another spelling than was dialled: the Brazilian ninth digit, the Mexican 1
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026), the Argentine 9.
 *  Each rule leads to the spelling that E.164 has today. */
const rules: readonly { readonly country: string; readonly spelled: RegExp; readonly canonical: string }[] = [
  // Area and eight digits: mobiles have a 9 before them since 2016, and old accounts keep a wa_id without it. The eight digits may begin as
  // those of a fixed line do (the platform itself answers 55 11 9 5550-0101 as 55 11 5550-0101), so they don't tell the two apart. Taking
  // a fixed line and a mobile for one blocks too much; taking two spellings of a mobile for two numbers lets a stranger through.
  { country: 'Brazil', spelled: /^55([1-9][1-9])([2-9]\d{7})$/, canonical: '55$19$2' },
  // The 1 that marked mobiles was given up in 2019; wa_ids still have it.
  { country: 'Mexico', spelled: /^521(\d{10})$/, canonical: '52$1' },
  // From abroad a mobile is dialled with a 9, which people leave out. No area code begins with 9.
  { country: 'Argentina', spelled: /^54([1-8]\d{9})$/, canonical: '549$1' },
];

const FIVE = '5'.charCodeAt(0);

/** One number has one spelling, whichever of its spellings goes in. Any other string of digits stays as it is: nothing is judged
 *  invalid, since real wa_ids are not always valid phone numbers. */
export function canonicalWaId(digits: string): string {
  if (digits.charCodeAt(0) !== FIVE) return digits; // all of these countries' codes begin with it
  const rule = rules.find(({ spelled }) => spelled.test(digits));
  return rule ? digits.replace(rule.spelled, rule.canonical) : digits;
}
