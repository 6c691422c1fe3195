import { ConsentCategory, type ContactJson, type VerdictOutcome } from '@keyturn/contracts';

/** What a decision makes of a number, from the contact that it was decided on before and those whom it leaves. */
export function outcomeOf(before: ContactJson, known: ContactJson, holder: ContactJson): VerdictOutcome {
  const among = <Item>(were: readonly Item[], are: readonly Item[]) => ({
    stay: were.filter((item) => are.includes(item)),
    end: were.filter((item) => !are.includes(item)),
  });
  return {
    released: holder.identity.status !== 'blocked',
    optIns: among(inStatus(before, 'opted_in'), inStatus(holder, 'opted_in')),
    optOuts: among(inStatus(before, 'opted_out'), inStatus(holder, 'opted_out')),
    serviceWindows: among(windowsOf(before), windowsOf(holder)),
    businessBlocked: holder.businessBlocked,
    known,
    holder,
  };
}

const inStatus = ({ consent }: ContactJson, status: 'opted_in' | 'opted_out') =>
  ConsentCategory.options.filter((category) => consent[category].status === status);
const windowsOf = ({ serviceWindows }: ContactJson) => serviceWindows.map(({ phoneNumberId }) => phoneNumberId);
