import type { Verdict } from '@keyturn/contracts';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';

/** The verdict that the options say. Throws a failure unless they say exactly one. */
export function verdictOf({ samePerson, differentPerson }: { samePerson?: true; differentPerson?: true }): Verdict {
  if (samePerson === differentPerson) throw failure(exitCodes.usage, 'Say one of --same-person and --different-person.');
  return samePerson ? 'same_person' : 'different_person';
}
