import { ConsentCategory } from '@keyturn/contracts';
import { type OwnNumber, ownNumber } from '@keyturn/domain';
import { atOnce, type Database, listNumbers, listTemplates, type WabaScope, wabaScopes } from '@keyturn/store';
import { lately } from './lately.ts';
import { askSoon } from './within.ts';

/** What is known of our own side: accounts, numbers by id, and the category of each template that has one, by its name. */
export type OwnSide = {
  readonly wabas: readonly WabaScope[];
  readonly numbers: ReadonlyMap<string, OwnNumber>;
  readonly templates: ReadonlyMap<string, TemplateCategory>;
};
type TemplateCategory = Exclude<ConsentCategory, 'service'>;

const ROWS_MAX = 10_000;
const TemplateWord = ConsentCategory.exclude(['service']);

/** Answers what is known of our own side, a second old at the most. A WABA or number is new once in its life; until it is known here, nobody
 *  it wrote with is, which denies. Rejects where the database does not answer. */
export const ownSideOf = (pool: Database['pool'], now: () => Date): (() => Promise<OwnSide>) => lately(() => read(pool, now()));

async function read(pool: Database['pool'], now: Date): Promise<OwnSide> {
  const [wabas, numbers, templates] = await askSoon(pool, (tx) =>
    atOnce(
      tx,
      () => wabaScopes(tx),
      () => listNumbers(tx, ROWS_MAX, null, now),
      () => listTemplates(tx, { wabaId: null, limit: ROWS_MAX, after: null }),
    ),
  );
  return {
    wabas,
    numbers: new Map(numbers.flatMap((number) => (number.phoneNumberId === null ? [] : [[number.phoneNumberId, ownNumber(number)]]))),
    templates: categoriesOf(templates.map(({ name, category }) => ({ name, category: category?.category ?? null }))),
  };
}

/** A name has one category where all that have it agree; else nobody knows which is meant. */
function categoriesOf(templates: readonly { readonly name: string; readonly category: string | null }[]): Map<string, TemplateCategory> {
  return new Map(
    [...Map.groupBy(templates, ({ name }) => name)].flatMap(([name, namesakes]) => {
      const [only, ...others] = new Set(namesakes.map(({ category }) => category?.toLowerCase()));
      const category = TemplateWord.safeParse(only);
      return category.success && others.length === 0 ? [[name, category.data] as const] : [];
    }),
  );
}
