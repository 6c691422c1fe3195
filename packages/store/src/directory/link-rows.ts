import type { Identifier, LinkRow } from '@keyturn/domain';

/** A link as stored. `generation` moves whenever anything of the row but `last` may have. */
export type StoredLink = LinkRow & { readonly scope: string; readonly generation: number };

/** What is said of a pair and derived for it, instants as seconds since 1970, open ends as ±Infinity. */
export const LINK_STATE = `date_part('epoch', l.first) as first, date_part('epoch', l.last) as last, date_part('epoch', l.steady_from) as steady_from,
  date_part('epoch', l.steady_to) as steady_to, l.contact_id, l.generation`;
/** The columns of a link. */
export const LINK_COLUMNS = `l.scope, l.identifier, l.head, ${LINK_STATE}`;

/** A row of `LINK_COLUMNS` as the driver gives it. */
export type LinkColumns = {
  scope: string;
  identifier: Identifier;
  head: Identifier;
  first: number;
  last: number;
  steady_from: number;
  steady_to: number;
  contact_id: string | null;
  generation: number;
};

/** The link that a row says. */
export const storedLink = ({ steady_from, steady_to, contact_id, ...rest }: LinkColumns): StoredLink => ({
  ...rest,
  steadyFrom: steady_from,
  steadyTo: steady_to,
  contactId: contact_id,
});
