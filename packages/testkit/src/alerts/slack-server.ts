import { type Given, jsonOf, type LocalServer, localServer } from './local-server.ts';

type Text = { readonly type: string; readonly text: string };
type Block = { readonly type: string; readonly text?: Text; readonly fields?: readonly Text[]; readonly elements?: readonly Text[] };
/** A message in the channel. */
type SlackMessage = { readonly text: string; readonly blocks: readonly Block[] };
export type SlackServer = LocalServer & {
  /** The incoming webhook: who has it may write to the channel. */
  readonly url: string;
  readonly channel: readonly SlackMessage[];
};

const PATH = '/services/T0KEYTURN/B0ALERTS/local-server-secret';
/** As it answers too many (https://docs.slack.dev/apis/web-api/rate-limits, read 2026-11). */
export const slackThrottles = (seconds: number): Given => ({
  status: 429,
  body: 'rate_limited',
  headers: { 'retry-after': String(seconds) },
});

/** Slack's incoming webhook: `ok`, or the answers by which it refuses
 *  (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, read 2026-11). */
export async function slackServer(): Promise<SlackServer> {
  const channel: SlackMessage[] = [];
  const server = await localServer(({ path, body, headers }) => {
    const refused = (status: number, why: string): Given => ({ status, body: why });
    if (path !== PATH) return refused(404, 'no_service');
    const message = headers['content-type'] === 'application/json' ? jsonOf(body) : undefined;
    if (message === undefined) return refused(400, 'invalid_payload');
    if (typeof message.text !== 'string' || message.text === '') return refused(400, 'no_text');
    if (!areBlocks(message.blocks)) return refused(400, 'invalid_blocks');
    channel.push(message as SlackMessage);
    return { status: 200, body: 'ok' };
  });
  return Object.assign(server, { url: `${server.origin}${PATH}`, channel });
}

/** Within Slack's limits (https://docs.slack.dev/reference/block-kit/blocks, read 2026-11). */
function areBlocks(blocks: unknown): boolean {
  if (!Array.isArray(blocks) || blocks.length > 50) return false;
  return (blocks as Block[]).every(({ type, text, fields = [], elements = [] }) => {
    const isText = (max: number) => (one: Text) =>
      ['mrkdwn', 'plain_text'].includes(one.type) && one.text.length > 0 && one.text.length <= max;
    if (type === 'context') return elements.length > 0 && elements.length <= 10 && elements.every(isText(3000));
    if (type !== 'section' || (text === undefined && fields.length === 0)) return false;
    return (text === undefined || isText(3000)(text)) && fields.length <= 10 && fields.every(isText(2000));
  });
}
