import { z } from 'zod';

/** Text of somebody else's without control and direction characters, which could rewrite what stands around it. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '');

/** What shows nothing, alone or beside other such: blanks, and characters that only steer others. */
const UNSEEN = /[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What somebody or something is called by people: it can be seen, and stays where it stands. `whose`: what is said where there is nothing to see. */
export const givenName = (whose: string) =>
  z
    .string()
    .overwrite(plain)
    .trim()
    .min(1, whose)
    .max(100)
    .refine((name) => name.replace(UNSEEN, '') !== '', whose);
