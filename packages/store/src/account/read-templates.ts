import type { TemplateJson } from '@keyturn/contracts';
import { type SubjectState, templateView } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** The templates that the platform told of, of one account where one is named, from after an id on (null: from the start). As many as asked for,
 *  unless there are no more. */
export async function listTemplates(
  tx: Tx,
  { wabaId, limit, after }: { readonly wabaId: string | null; readonly limit: number; readonly after: string | null },
): Promise<(TemplateJson & { place: string })[]> {
  const { rows } = await tx.query<{ id: string; state: SubjectState }>({
    name: 'account.templates',
    text: `select id, state from account_state where kind = 'template' and ($1::text is null or waba_id = $1) and id > $2 order by id limit $3`,
    values: [wabaId, after ?? '', limit],
  });
  return rows.map(({ id, state }) => ({ place: id, ...templateView(id.includes('/') ? null : id, state) }));
}
