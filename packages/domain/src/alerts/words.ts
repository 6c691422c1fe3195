import type { AlertFacts, AlertMessage } from '@keyturn/contracts';
import type { PlatformCodes } from '../account/platform-codes.ts';

/** How a language says things. */
export type Words = {
  /** What is wrong, for each cause. `count` is never null here. */
  readonly what: { readonly [What in AlertFacts['what']]: (facts: AlertFacts, count: number) => string };
  /** What to look at first, where that is not the thing itself. */
  readonly check: { readonly [What in AlertFacts['what']]?: string };
  readonly signals: Readonly<Record<string, string>>;
  /** What the platform's codes mean. */
  readonly codes: PlatformCodes;
  readonly labels: {
    readonly [Label in
      | 'since'
      | 'signals'
      | 'numbers'
      | 'ranges'
      | 'optedIn'
      | 'who'
      | 'subject'
      | 'detail'
      | 'mayNot'
      | 'check'
      | 'rule'
      | 'count']: string;
  };
  readonly message: { readonly [Kind in AlertMessage['message']]: (title: string, message: AlertMessage) => string };
  readonly share: (value: string, count: number, of: number) => string;
  readonly optedIn: (count: number, of: number) => string;
  readonly lasting: (seconds: number) => string;
  readonly repeat: string;
  readonly action: { readonly one: string; readonly many: string; readonly other: string };
  readonly instant: (iso: string) => string;
  /** A number, name or text that is in no language, or another one, so that it stays in its order within this one. */
  readonly apart: (text: string) => string;
  readonly separator: string;
};
