import type { AlertText } from '@keyturn/domain';
import type { Told } from './told.ts';

const FIELDS_MAX = 10;
/** Slack reads these three as its own (https://docs.slack.dev/messaging/formatting-message-text, read 2026-11). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const MARKS = {
  critical: ':red_circle:',
  error: ':large_orange_circle:',
  warning: ':large_yellow_circle:',
  info: ':large_blue_circle:',
} as const;
const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/** What Slack's incoming webhook takes (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, read 2026-11): blocks, and the same in one
 *  line for the notification. */
export function slackBody({ said, url, message, deliveryId }: Told): string {
  const mark = message.message === 'resolved' ? ':white_check_mark:' : message.message === 'taken' ? ':eyes:' : MARKS[message.severity];
  const title = `${mark} *${escaped(cut(said.title, 250))}*`;
  return JSON.stringify({
    text: cut(escaped(said.title), 300),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: title } },
      ...fieldsOf(said),
      { type: 'section', text: { type: 'mrkdwn', text: `<${url}|${escaped(said.action)}>` } },
      { type: 'context', elements: [{ type: 'plain_text', text: `keyturn ${deliveryId}` }] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}

function fieldsOf({ lines }: AlertText): object[] {
  const fields = lines
    .slice(0, FIELDS_MAX)
    .map(([label, text]) => ({ type: 'mrkdwn', text: `*${escaped(label)}*\n${escaped(cut(text, 500))}` }));
  return fields.length === 0 ? [] : [{ type: 'section', fields }];
}
