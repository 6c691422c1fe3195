import type { AccountEntryJson } from '@keyturn/contracts';
import { meaningOf } from '@keyturn/domain/platform-codes';
import { Ago, Ltr, Moment } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { platformWords } from './platform-words.ts';
import { useLimitWords } from './use-limit-words.ts';

type CodeProps = { readonly children: string };
/** What a code of the platform means, and the code itself: it is what one searches for in its documentation. */
export const PlatformCode = ({ children: code }: CodeProps) => (
  <Coded code={code} meaning={meaningOf(useWords(platformWords).codes, code)} />
);
/** The same of a limit. */
export const LimitCode = ({ children: code }: CodeProps) => <Coded code={code} meaning={useLimitWords()(code)} />;

function Coded({ code, meaning }: { code: string; meaning: string | null }) {
  const { unknown } = useWords(platformWords);
  return (
    <>
      {meaning !== null && <>{meaning} </>}
      <Ltr className="code wrap">{code}</Ltr>
      {meaning === null && <small> ({unknown})</small>}
    </>
  );
}

/** One thing that the platform said: of what, and each thing that it said, in words with its codes. */
export function PlatformSaid({ entry: { type, occurredAt, recordedAt, detail } }: { entry: AccountEntryJson }) {
  const { types } = useWords(platformWords);
  return (
    <li className="timeline-entry">
      <Ago at={occurredAt ?? recordedAt} />
      <span>
        <strong>{Object.hasOwn(types, type) ? types[type as keyof typeof types] : <PlatformCode>{type}</PlatformCode>}</strong>
        {saidIn(detail).map(([key, value]) => (
          <span key={`${key} ${value}`} className="said">
            <Said name={key} value={value} />
          </span>
        ))}
      </span>
    </li>
  );
}

/** Names and numbers of ours and others, which are no codes. */
const FREE = ['requestedName', 'requester', 'username', 'ownerBusinessId', 'country', 'entityId', 'phoneNumbersMax'];
const LIMITS = ['limit', 'previousLimit'];

function Said({ name, value }: { name: string; value: string }) {
  const { labels } = useWords(platformWords);
  const label = Object.hasOwn(labels, name) ? labels[name as keyof typeof labels] : null;
  return (
    <>
      {label !== null && <>{label}: </>}
      {shownAs(name, value)}
    </>
  );
}

function shownAs(name: string, value: string) {
  if (name === 'expiresAt') return <Moment at={value} />;
  if (FREE.includes(name)) return <bdi>{value}</bdi>;
  return LIMITS.includes(name) ? <LimitCode>{value}</LimitCode> : <PlatformCode>{value}</PlatformCode>;
}

/** Whatever stands in a detail, however deep, by its own name. */
function saidIn(detail: unknown, name = ''): [string, string][] {
  if (Array.isArray(detail)) return detail.flatMap((one) => saidIn(one, name));
  if (typeof detail === 'object' && detail !== null) return Object.entries(detail).flatMap(([key, value]) => saidIn(value, key));
  return ['string', 'number', 'boolean'].includes(typeof detail) ? [[name, String(detail)]] : [];
}
