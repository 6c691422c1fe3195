import { AppError, type DecisionJson, DecisionRequest, DecisionsRequest } from '@keyturn/contracts';
import { digitsOf, explain, type GateDecision, type Send } from '@keyturn/domain';
import { bodyReader, directRoute, parseJson } from '@keyturn/runtime';
import { type Authenticate, forCaller } from '@keyturn/store';
import type { Router } from 'express';
import type { Journal } from './journal.ts';
import type { Judge } from './judge.ts';

type Deps = { readonly authenticate: Authenticate; readonly judge: Judge; readonly decided: Journal['decided'] };

const BYTES_MAX = 1024 * 1024;

/** `POST /v1/decisions` with one send, or `{items}` of up to 1,000: 200 with the answer, or `{items}` in their order, each with all reasons; 400 no JSON;
 *  401; 403 without scope `send`; 413; 415; 422 naming the field; 503 crowded out. Where the state can't be read the answer is `deny`. */
export function decisionsRoute({ authenticate, judge, decided }: Deps): Router {
  const readBody = bodyReader({ bytesMax: BYTES_MAX });
  return directRoute('/v1/decisions', async (req, res) => {
    const [{ actor }, { many, items, sends, decisions }] = await forCaller(authenticate(req.headers.authorization), 'send', async () => {
      const asked = parseJson(await readBody(req, res));
      const many = typeof asked === 'object' && asked !== null && 'items' in asked;
      const items = many ? DecisionsRequest.parse(asked).items : [DecisionRequest.parse(asked)];
      const sends = items.map((item, i) => sendOf(item, many ? `items.${i}.to` : 'to'));
      return { many, items, sends, decisions: await judge(sends) };
    });
    decisions.forEach((decision, i) => {
      decided({ send: sends[i] as Send, template: items[i]?.template ?? null, door: 'decisions', actor, decision });
    });
    const answers = decisions.map(decisionJson);
    res.locals.line = { decisions: answers.length, denied: answers.filter(({ decision }) => decision === 'deny').length };
    const body = JSON.stringify(many ? { items: answers } : answers[0]);
    res.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    });
    res.end(body);
  });
}

function sendOf({ phoneNumberId, to, recipient, recipientType, category }: DecisionRequest, field: string): Send {
  const group = recipientType === 'group';
  if (to !== undefined && !group && digitsOf(to) === null)
    throw new AppError(
      'request.invalid',
      `${field}: is no number. Give its 3 to 20 digits with the country code; a BSUID goes in recipient.`,
    );
  return { phoneNumberId, to: to ?? null, recipient: recipient ?? null, group, category, identityKeyHash: null };
}

/** A decision as callers read it. Field by field, since to take the rest of an object takes longer than all of them. */
const decisionJson = ({ decision, reasons, shadowed, unanswered, contactId, identityKeyHash }: GateDecision): DecisionJson => ({
  decision,
  reasons: reasons.map(explain),
  shadowed: shadowed.map(explain),
  unanswered: [...unanswered],
  contactId,
  identityKeyHash,
});
