// A route of a shop that tells a customer when the parcel comes, and says so where it may not.
import { gateAt } from '@keyturn/client';
import express, { type Express } from 'express';

type Settings = { readonly gateUrl: string; readonly key: string; readonly phoneNumberId: string; readonly accessToken: string };

/** `POST /parcels {to, slot}`: 202 with the message's id; 409 with the reasons where the gate says no; 503 where it may say yes later; 502 what the platform says. */
export function parcelApp({ gateUrl, key, phoneNumberId, accessToken }: Settings): Express {
  const gate = gateAt({ url: gateUrl, key });
  return express()
    .use(express.json())
    .post('/parcels', async (req, res) => {
      const { to, slot } = req.body as { to: string; slot: string };
      const components = [{ type: 'body', parameters: [{ type: 'text', text: slot }] }];
      const message = { to, type: 'template', template: { name: 'parcel_slot', language: { code: 'en' }, components } };
      const sent = await gate.send(message, { phoneNumberId, accessToken, category: 'utility' });
      switch (sent.outcome) {
        case 'sent':
          return res.status(202).json({ id: sent.wamid });
        case 'denied':
          return res.status(sent.retryable ? 503 : 409).json({ reasons: sent.reasons.map(({ code, message: { en } }) => ({ code, en })) });
        default:
          return res.status(502).json(sent);
      }
    });
}
