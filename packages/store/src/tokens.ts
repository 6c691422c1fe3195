import { hash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** The hash under which alone a token is kept. Of 32 random bytes it needs no salt and no slowness: nobody guesses them. */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer');

/** A token that nobody guesses, to be shown once. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');
