import { AppError } from '@keyturn/contracts';
import { z } from 'zod';

const DIFFERENT_CHARACTERS_MIN = 5;
/** What stands in examples and templates, and what is tried first. A secret that is made of these alone is none. */
const words = [
  'a an any the my your our this is it some you to be in with here please not me',
  'change changed changeme set replace replaced insert enter put choose fill todo tbd fixme new old',
  'text value string example sample default dummy placeholder test testing demo dev prod local',
  'secret password passwd passphrase pass pwd token key api admin app verify webhook bootstrap root user',
  'whatsapp meta facebook keyturn qwertyuiop qwerty asdfghjkl asdf letmein welcome foo bar null none x',
].flatMap((line) => line.split(' '));
/** The few letters among the digits of what was drawn at random spell a word now and then, so two in five of its characters have to be letters. */
function isWords(secret: string): boolean {
  const letters = secret.toLowerCase().replace(/[^a-z]/g, '');
  return letters.length >= 0.4 * secret.length && new RegExp(`^(?:${words.join('|')})*$`).test(letters);
}
/** The shortest pattern of which the secret is nothing but repetitions. */
const isRepetition = (secret: string): boolean => /^(.+?)\1+$/s.test(secret);
/** abcd, 4321, aabbcc: most characters are the one before, or next to it. */
function isSequence(secret: string): boolean {
  const steps = [...secret].slice(1).filter((character, i) => Math.abs(character.charCodeAt(0) - secret.charCodeAt(i)) <= 1);
  return steps.length >= 0.6 * (secret.length - 1);
}

/** Why this can't be a secret, as the rule that it breaks; undefined: it can. Says nothing of the value. */
export function weaknessOf(secret: string, charactersMin: number): string | undefined {
  if (secret.trim() === '') return 'is blank';
  if (secret.length < charactersMin) return `must have ${charactersMin} characters or more`;
  if (new Set(secret).size < DIFFERENT_CHARACTERS_MIN) return `must have ${DIFFERENT_CHARACTERS_MIN} different characters or more`;
  if (isRepetition(secret)) return 'must not be one pattern over and over';
  if (isSequence(secret)) return 'must not be a row of neighbouring characters';
  return isWords(secret) ? 'must not be made of the words of an example: everybody tries those' : undefined;
}

const secret = (charactersMin: number, wayOut: string) =>
  z.string().superRefine((value, context) => {
    const weakness = weaknessOf(value, charactersMin);
    if (weakness !== undefined) context.addIssue({ code: 'custom', message: `${weakness}: ${wayOut}` });
  });
const split = (value: string): string[] => value.split(',').map((one) => one.trim());

/** The secrets, each with its rule and its way out. A service takes those that it needs. */
export const secretsEnv = {
  /** Signs X-Hub-Signature-256. Meta app dashboard > App settings > Basic. While it is changed: current, previous. */
  WHATSAPP_APP_SECRET: z
    .string()
    .transform(split)
    .pipe(
      z.array(
        secret(16, "take the app secret, while it is changed 'current,previous', from the Meta app dashboard > App settings > Basic"),
      ),
    ),
  /** Ours to choose, and to enter in the Meta app dashboard > WhatsApp > Configuration. It signs nothing. */
  WHATSAPP_VERIFY_TOKEN: secret(
    8,
    'choose any that nobody guesses (`openssl rand -hex 16`), and enter the same in the Meta app dashboard > WhatsApp > Configuration',
  ),
  /** May do everything: it makes the first keys, after which nobody needs it. Its actor is `key:bootstrap`. */
  KEYTURN_ADMIN_API_KEY: secret(24, 'whoever guesses it releases anybody, so take the output of `openssl rand -hex 32`').regex(
    /^\S+$/,
    'must not hold white space: it is sent in a header',
  ),
  /** Signs what the business is asked to verify, and makes the tokens of its callbacks. While it is changed: current, previous. Absent: nobody is asked. */
  KEYTURN_VERIFICATION_KEY: z
    .string()
    .transform(split)
    .pipe(
      z.array(
        secret(
          24,
          "whoever guesses it releases anybody, so take the output of `openssl rand -hex 32`, while it is changed 'current,previous'",
        ),
      ),
    )
    .optional(),
  /** Encrypts the platform's tokens that the gate holds. While it is changed: current, previous. Absent: it holds none. */
  KEYTURN_TOKEN_KEY: z
    .string()
    .transform(split)
    .pipe(
      z.array(
        secret(
          24,
          "whoever guesses it sends in your name, so take the output of `openssl rand -hex 32`, while it is changed 'current,previous'",
        ),
      ),
    )
    .optional(),
} as const;

type Secrets = { readonly [Name in keyof typeof secretsEnv]?: string | readonly string[] | undefined };
/** Throws `config.invalid` where two of these are the same: who is told one must not have the other. */
export function refuseSharedSecrets(secrets: Secrets): void {
  const named = (Object.keys(secretsEnv) as (keyof Secrets)[]).flatMap((name) =>
    [secrets[name] ?? []]
      .flat()
      .flatMap(split)
      .map((value) => ({ name, value })),
  );
  for (const [i, { name, value }] of named.entries()) {
    const other = named.slice(0, i).find((one) => one.value === value && one.name !== name);
    if (other)
      throw new AppError(
        'config.invalid',
        `The environment can't be used. ${name} is the same as ${other.name}: who is told one must not have the other. Choose another one.`,
      );
  }
}
