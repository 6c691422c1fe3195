import { z } from 'zod';
import { type Doors, type Finding, good, outcomeOf, unreadable } from './finding.ts';

const Subscribed = z.looseObject({
  data: z.array(
    z.looseObject({
      whatsapp_business_api_data: z.looseObject({ id: z.coerce.string() }).optional().catch(undefined),
      override_callback_uri: z.string().optional(),
    }),
  ),
});
const Numbers = z.looseObject({
  data: z.array(z.looseObject({ id: z.coerce.string(), display_phone_number: z.string().optional() })),
  paging: z.looseObject({ next: z.string().optional(), cursors: z.looseObject({ after: z.string().optional() }).optional() }).optional(),
});

/** A number, as people know it. */
export type Numbered = { readonly id: string; readonly name: string };

/** Looks whether the account's webhooks go to this app, and to its own address. `appId` null: it is not known which app it is. */
export async function lookAtAccount({ graph }: Doors, wabaId: string, appId: string | null): Promise<Finding[]> {
  const about = `account ${wabaId}`;
  const answer = await graph.get(`${wabaId}/subscribed_apps`);
  if (answer.kind === 'refused')
    return [unreadable(about, 'subscribed app', answer.refusal, 'Without it no webhook of the account comes.')];
  const apps = Subscribed.safeParse(answer.body).data?.data ?? [];
  const ours = apps.find(({ whatsapp_business_api_data: app }) => appId === null || app?.id === appId);
  const subscribe = async () => outcomeOf(await graph.post(`${wabaId}/subscribed_apps`, {}, { repeatable: true }));
  if (ours === undefined) {
    const found = apps.length === 0 ? 'no app is subscribed' : 'other apps are subscribed, this one is not';
    const fix = { says: `subscribe the app to account ${wabaId}`, run: subscribe };
    return [{ about, check: 'subscribed app', state: 'bad', found, why: 'No webhook of the account comes.', fix }];
  }
  const subscribed = good(about, 'subscribed app', 'it is this one');
  if (ours.override_callback_uri === undefined) return [subscribed];
  const fix = { says: `take the override off account ${wabaId}, so that its messages go where the app's webhooks go`, run: subscribe };
  return [subscribed, overridden(about, ours.override_callback_uri, fix)];
}

/** Messages that go elsewhere than the app's webhooks. */
export const overridden = (about: string, uri: string, fix: Finding['fix']): Finding => ({
  ...{ about, check: 'webhook override', state: 'bad', found: `its messages go to ${uri}` },
  why: 'If that is not keyturn, keyturn hears of none of them.',
  ...(fix === undefined ? {} : { fix }),
});

/** All numbers of an account, or the finding that they can't be read. */
export async function numbersOf({ graph }: Doors, wabaId: string): Promise<readonly Numbered[] | Finding> {
  const numbers: Numbered[] = [];
  for (let after: string | undefined; ; ) {
    const answer = await graph.get(`${wabaId}/phone_numbers`, {
      fields: 'id,display_phone_number',
      limit: '100',
      ...(after ? { after } : {}),
    });
    if (answer.kind === 'refused') return unreadable(`account ${wabaId}`, 'numbers', answer.refusal, 'None of its numbers was looked at.');
    const page = Numbers.safeParse(answer.body).data;
    numbers.push(...(page?.data ?? []).map(({ id, display_phone_number: shown }) => ({ id, name: `number ${shown ?? '?'} (${id})` })));
    after = page?.paging?.next === undefined ? undefined : page.paging.cursors?.after;
    if (after === undefined) return numbers;
  }
}
