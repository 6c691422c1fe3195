import type { BlockCondition, ConsentView, IdentityView } from '@keyturn/contracts';

/** A block, and what the person is opted in to, as far as rules look at them. */
export type Verifiable = { readonly identity: IdentityView; readonly consent: ConsentView };

/** The first rule that fits a block; undefined: none does. A rule fits only where all that speaks for another holder
 *  is what it names: what it does not name, whoever answers by it may not have looked at. */
export const ruleFor = <Rule extends { readonly when: BlockCondition }>(rules: readonly Rule[], block: Verifiable): Rule | undefined =>
  rules.find(({ when }) => {
    const { evidence, phoneNumberIds, optedInTo } = when;
    const kinds = block.identity.evidence.map(({ kind }) => kind);
    return (
      (evidence === undefined || isWithin(kinds, evidence)) &&
      (phoneNumberIds === undefined || isWithin(numbersOf(block.identity), phoneNumberIds)) &&
      (optedInTo === undefined || optedInTo.some((category) => block.consent[category].status === 'opted_in'))
    );
  });

const isWithin = <Item>(some: readonly Item[], all: readonly Item[]): boolean => some.length > 0 && some.every((one) => all.includes(one));

/** Our numbers on which it was seen; where the directory alone speaks, those to which the person wrote. */
function numbersOf({ evidence, keyHashes }: IdentityView): string[] {
  const named = evidence.flatMap(({ phoneNumberId }) => phoneNumberId ?? []);
  return named.length > 0 ? named : keyHashes.map(({ phoneNumberId }) => phoneNumberId);
}
