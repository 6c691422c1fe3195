import type { IdentityState } from '@keyturn/domain';

/** Since when a hash is known, in whole seconds: when it was first said, or, of one that was decided on, up to when it had been. Undefined: it is
 *  not known. */
export function hashSince({ seen, decisions }: IdentityState, hash: string): number | undefined {
  const said = Object.values(seen).filter((fact) => fact.hash === hash);
  if (said.length > 0) return Math.min(...said.map(({ at }) => at));
  const accepted = Object.values(decisions).flatMap(({ accepted: on, asOf }) =>
    Object.keys(on).flatMap((number) => (on[number] === hash ? (asOf[number] ?? []) : [])),
  );
  return accepted.length > 0 ? Math.min(...accepted) : undefined;
}
