import { useLocation, useSearch } from 'wouter';

/** What a filter of the queue may name. All of it stands in the URL; a person's number never does. */
const filterKeys = ['signal', 'phoneNumberId', 'olderThan', 'stake', 'awaits', 'group'] as const;
/** Which open changes are meant; nothing named: all. */
export type Filter = { readonly [Key in (typeof filterKeys)[number]]?: string | undefined };

/** The filter of a search string: what it names and is not empty. */
export function filterIn(search: string): Filter {
  const asked = new URLSearchParams(search);
  return Object.fromEntries(filterKeys.flatMap((key) => (asked.get(key) ? [[key, asked.get(key)]] : [])));
}
/** The filter in the URL, and how to put another one there. */
export function useFilter(): [Filter, (filter: Filter) => void] {
  const [, navigate] = useLocation();
  const filter = filterIn(useSearch());
  const set = (next: Filter) => {
    const query = new URLSearchParams(Object.entries(next).filter((entry): entry is [string, string] => Boolean(entry[1])));
    navigate(query.size === 0 ? '/' : `/?${query}`, { replace: true });
  };
  return [filter, set];
}
