import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const MARK_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = MARK_BYTES + IV_BYTES + TAG_BYTES;

/** A text that was opened, and by which of the keys: 0 is the current one. */
type Opened = { readonly text: string; readonly by: number };
/** Encrypts and decrypts small secrets that are kept in the database. */
export type Sealer = {
  /** Encrypted with the current key. `context` says whose it is, and is not kept: it opens for the same alone. */
  seal(text: string, context: string): Buffer;
  /** Null: none of the keys opens it, or not for this context, or it is not as it was sealed. */
  open(sealed: Buffer, context: string): Opened | null;
};

/** By master keys, the current one first. A sealed text names its key by a mark, so that another key is not even tried. */
function sealerWith(masters: readonly [string, ...string[]]): Sealer {
  const [current, ...previous] = masters.map(keyOf) as [Key, ...Key[]];
  return {
    seal(text, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, current.key, iv).setAAD(Buffer.from(context));
      const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([current.mark, iv, cipher.getAuthTag(), encrypted]);
    },
    open(sealed, context) {
      const by = [current, ...previous].findIndex(({ mark }) => sealed.subarray(0, MARK_BYTES).equals(mark));
      const key = [current, ...previous][by]?.key;
      const text = key === undefined || sealed.length < HEAD_BYTES ? null : opened(key, sealed, context);
      return text === null ? null : { text, by };
    },
  };
}

/** A sealer by what the environment says; null: it names no key. */
export const sealerOf = ([current, ...previous]: readonly string[] = []): Sealer | null =>
  current === undefined ? null : sealerWith([current, ...previous]);

type Key = { readonly key: Buffer; readonly mark: Buffer };
/** Two keys made from the master for two uses: neither says anything of the other. */
const keyOf = (master: string): Key => ({
  key: Buffer.from(hkdfSync('sha256', master, '', 'platform tokens', KEY_BYTES)),
  mark: Buffer.from(hkdfSync('sha256', master, '', 'platform tokens, mark', MARK_BYTES)),
});

function opened(key: Buffer, sealed: Buffer, context: string): string | null {
  const iv = sealed.subarray(MARK_BYTES, MARK_BYTES + IV_BYTES);
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(MARK_BYTES + IV_BYTES, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
