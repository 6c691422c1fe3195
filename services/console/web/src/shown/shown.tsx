import type { ContactIdentifier } from '@keyturn/contracts';
import { groupedNumber } from '@keyturn/domain/grouped-number';
import { useLanguage, useWords, words } from '../words/language.tsx';
import { ago, exact, lasting, moment } from './instant.ts';
import { useNow } from './now.ts';

const said = words({ en: { nameless: 'Somebody without a number' }, ar: { nameless: 'شخص بلا رقم' } });

/** What reads left to right in whatever language: a number, an id, a hash. */
export const Ltr = ({ children, className }: { children: string; className?: string }) => (
  <bdi dir="ltr" className={className}>
    {children}
  </bdi>
);
/** What somebody calls themselves: text of whoever wrote it, in whatever direction it reads. */
export const Name = ({ children }: { children: string }) => (
  <span className="name">
    <bdi>{children}</bdi>
  </span>
);
/** A number as one reads it aloud. */
export const Phone = ({ digits }: { digits: string }) => <Ltr className="number">{groupedNumber(digits)}</Ltr>;
/** A hash or id that is too long to read. */
export const Short = ({ children }: { children: string }) => (
  <Ltr className="code">{children.length > 14 ? `${children.slice(0, 6)}…${children.slice(-4)}` : children}</Ltr>
);

type Timed = { readonly at: string; readonly quiet?: boolean };
/** How long ago something was, with the exact time on hover and, unless it stands in something that has the focus itself, on focus. */
export function Ago({ at, quiet = false }: Timed) {
  const [language, now] = [useLanguage(), useNow()];
  return (
    <Instant at={at} quiet={quiet}>
      {ago(language, at, now)}
    </Instant>
  );
}
/** For how long something has lasted. */
export function Lasting({ at, quiet = false }: Timed) {
  const [language, now] = [useLanguage(), useNow()];
  return (
    <Instant at={at} quiet={quiet}>
      {lasting(language, at, now)}
    </Instant>
  );
}
/** Day and minute. */
export function Moment({ at, quiet = false }: Timed) {
  const [language, now] = [useLanguage(), useNow()];
  return (
    <Instant at={at} quiet={quiet}>
      {moment(language, at, now)}
    </Instant>
  );
}

function Instant({ at, quiet, children }: Timed & { children: string }) {
  const language = useLanguage();
  const shown = exact(language, at);
  return (
    <time dateTime={at} title={shown} data-exact={shown} {...(quiet ? {} : { tabIndex: 0 })}>
      {children}
    </time>
  );
}

/** Who it is, by the best there is: the number now, else the last number, the user id, or nothing. */
export function Who({ identifiers }: { identifiers: readonly ContactIdentifier[] }) {
  const { nameless } = useWords(said);
  const best = bestOf(identifiers);
  if (best === undefined) return <>{nameless}</>;
  return best.kind === 'wa_id' ? <Phone digits={best.value} /> : <Short>{best.value}</Short>;
}

function bestOf(identifiers: readonly ContactIdentifier[]): ContactIdentifier | undefined {
  const numbers = identifiers.filter(({ kind }) => kind === 'wa_id');
  const open = numbers.findLast(({ validTo }) => validTo === null);
  return open ?? numbers.at(-1) ?? identifiers.findLast(({ kind }) => kind === 'bsuid') ?? identifiers.at(-1);
}
