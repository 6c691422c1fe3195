import { AppError } from '@keyturn/contracts';
import { weaknessOf } from '@keyturn/runtime';
import { turns } from '@keyturn/store';
import { hash, verify } from '@node-rs/argon2';

const CHARACTERS_MIN = 12;
/** Argon2id as OWASP has it: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Each takes a processor for a while: two at a time, however many knock. */
const inTurn = turns({ atOnce: 2, waitingMax: 50 });

/** The hash of a password, which alone is kept. Throws `request.invalid` where it is too weak. */
export function hashPassword(password: string, email: string): Promise<string> {
  const weakness = weaknessOf(password, CHARACTERS_MIN) ?? (isOfEmail(password, email) ? 'must not be your e-mail address' : undefined);
  if (weakness !== undefined)
    throw new AppError('request.invalid', `password: ${weakness}. Take a few words that only you would put together.`, {
      detail: { errors: [{ field: 'password', rule: weakness }] },
    });
  return inTurn(() => hash(password, COST));
}
const isOfEmail = (password: string, email: string): boolean => email.toLowerCase().includes(password.toLowerCase());

const nobody = hash('nobody has this password', COST);
/** Whether it is the password. Where there is none (null) it takes as long to say no. */
export async function isPassword(kept: string | null, password: string): Promise<boolean> {
  const against = kept ?? (await nobody);
  const fits = await inTurn(() => verify(against, password));
  return fits && kept !== null;
}
