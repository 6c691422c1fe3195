import type { GraphAnswer } from '@keyturn/runtime';
import { z } from 'zod';

const User = z.looseObject({ input: z.coerce.string() });
const Failed = User.extend({ errors: z.array(z.looseObject({ code: z.coerce.number().int() })).catch([]) });
const Body = z.looseObject({
  block_users: z.looseObject({
    failed_users: z.array(Failed).catch([]).default([]),
    added_users: z.array(User).catch([]).default([]),
    removed_users: z.array(User).catch([]).default([]),
  }),
});

/** What the platform says for one of several people: null: done, else the code for which it refused; undefined: nothing. A success that names nobody is one for
 *  all, a refusal that names nobody is one for all
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/block-users, read 2026). */
export function readOutcome(answer: GraphAnswer, input: string): number | null | undefined {
  const said = Body.safeParse(answer.body).data?.block_users;
  const failed = said?.failed_users.find((one) => one.input === input);
  if (failed !== undefined) return failed.errors[0]?.code ?? (answer.kind === 'refused' ? answer.refusal.code : null) ?? 0;
  if (answer.kind === 'ok') return null;
  if (said === undefined) return answer.refusal.code ?? 0;
  return [...said.added_users, ...said.removed_users].some((one) => one.input === input) ? null : undefined;
}
