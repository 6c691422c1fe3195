import { InvalidArgumentError } from 'commander';

/** The value of an option that is an object of JSON. Throws what commander says of a value that can't be used. */
export function jsonOf(text: string): object {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null) return value;
  throw new InvalidArgumentError(`It is JSON, such as '{"atLeast":5}'.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
