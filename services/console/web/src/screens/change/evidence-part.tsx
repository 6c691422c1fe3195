import type { Evidence, IdentityView } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { numbersQuery } from '../../api/queries.ts';
import { Ltr, Moment, Phone, Short } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { against, before, evidenceKey, evidenceWords, sayingOf } from './evidence-words.tsx';
import { changeWords } from './words.tsx';

/** What speaks for another holder, and what shows the one whom we knew. `known`: what was looked at before; the rest is marked as new. */
export function EvidencePart({ identity, known }: { identity: IdentityView; known: IdentityView }) {
  const w = useWords(changeWords);
  const knew = new Set(known.evidence.map(evidenceKey));
  const old = before(identity.evidence);
  return (
    <section className="evidence">
      <h2>{w.evidence}</h2>
      <ul>
        {against(identity.evidence).map((one) => (
          <Item key={evidenceKey(one)} evidence={one} isFresh={!knew.has(evidenceKey(one))} />
        ))}
      </ul>
      <h2>{w.before}</h2>
      <ul>
        {old.map((one) => (
          <Item key={evidenceKey(one)} evidence={one} isFresh={false} />
        ))}
        {(identity.knownUntil ?? []).map(({ phoneNumberId, at }) => (
          <li key={phoneNumberId}>{w.knownUntil(<Moment at={at} />, <OurNumber phoneNumberId={phoneNumberId} />)}</li>
        ))}
      </ul>
      {old.length === 0 && <p>{w.nothingBefore}</p>}
    </section>
  );
}

/** One piece of evidence: when, what, where. */
function Item({ evidence, isFresh }: { evidence: Evidence; isFresh: boolean }) {
  const w = useWords(changeWords);
  return (
    <li data-fresh={isFresh}>
      <Moment at={evidence.firstAt} /> <Saying evidence={evidence} />
      {evidence.phoneNumberId !== null && <> {w.on(<OurNumber phoneNumberId={evidence.phoneNumberId} />)}</>}
      {isFresh && <span className="fresh">{w.fresh}</span>}
    </li>
  );
}

/** What a piece of evidence says. */
export function Saying({ evidence }: { evidence: Evidence }): ReactNode {
  const said = useWords(evidenceWords);
  return said[sayingOf(evidence)](evidence.keyHash === null ? '' : <Short>{evidence.keyHash}</Short>);
}

/** A number of ours by its name, else by the number, else by its id. */
export function OurNumber({ phoneNumberId }: { phoneNumberId: string }) {
  const numbers = useQuery(numbersQuery()).data?.items ?? [];
  const found = numbers.find((one) => one.phoneNumberId === phoneNumberId);
  if (found?.verifiedName) return <bdi>{found.verifiedName}</bdi>;
  return found?.displayNumber ? <Phone digits={found.displayNumber} /> : <Ltr className="code">{phoneNumberId}</Ltr>;
}
