import { InvalidArgumentError } from 'commander';

/** The value of an option that is an instant, in UTC. Throws what commander says of a value that can't be used. */
export function instantOf(text: string): string {
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('It is an instant as 2026-11-23T08:00:00Z.');
  return at.toISOString();
}
