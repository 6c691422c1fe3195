import { InvalidArgumentError } from 'commander';

/** The value of an option that is JSON. Throws what commander says of a value that can't be used. */
export function jsonOf(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new InvalidArgumentError(`It is JSON, such as '{"atLeast":5}'.`);
  }
}
