import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Link } from 'wouter';
import { search } from '../../api/queries.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Field } from '../../shown/field.tsx';
import { Name, Who } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { contactWords } from './words.tsx';

/** Finds a person by number in any spelling, user id or name, without a word of it in the URL. */
export function SearchScreen() {
  const w = useWords(contactWords);
  const faultWords = useFaultWords();
  const found = useMutation({ mutationFn: (text: string) => search({ q: text }) });
  useTitle(w.searchTitle);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('q') ?? '').trim();
    if (text !== '') found.mutate(text);
  };
  return (
    <div className="search">
      <h1>{w.searchTitle}</h1>
      <search>
        <form onSubmit={submit}>
          <Field label={w.search} description={w.searchHint} name="q" autoComplete="off" />
          <Act type="submit" className="primary" isBusy={found.isPending}>
            {w.find}
          </Act>
        </form>
      </search>
      <div role="status">
        {found.isError && <p>{faultWords(found.error)}</p>}
        {found.data?.items.length === 0 && <p>{w.found.none}</p>}
        {found.data?.more === true && <p>{w.found.more}</p>}
      </div>
      <ul className="found">
        {found.data?.items.map(({ contactId, identifiers, profileName, identity }) => (
          <li key={contactId}>
            <Link href={`/contacts/${contactId}`} className="row">
              <span className="who">
                <Who identifiers={identifiers} />
                {profileName !== null && <Name>{profileName}</Name>}
              </span>
              <span className="status" data-status={identity.status}>
                {w.status[identity.status]}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
