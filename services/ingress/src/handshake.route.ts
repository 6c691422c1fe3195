import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@keyturn/contracts';
import { Router } from 'express';

/** Real ones have ten digits. */
const CHALLENGE_CHARACTERS_MAX = 256;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** `GET /webhook`: 200 with the challenge, as plain text, for whoever knows our verify token; 403 for anybody else
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint, read 2026-05). */
export function handshakeRoute({ verifyToken }: { readonly verifyToken: string }): Router {
  const expected = digest(verifyToken);
  return Router().get('/webhook', (req, res) => {
    const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = req.query;
    const knows = typeof token === 'string' && timingSafeEqual(digest(token), expected);
    if (mode !== 'subscribe' || !knows || typeof challenge !== 'string' || challenge.length > CHALLENGE_CHARACTERS_MAX) {
      throw new AppError(
        'request.forbidden',
        'This is no handshake with our verify token: enter WHATSAPP_VERIFY_TOKEN in the app dashboard.',
      );
    }
    res.type('text/plain').send(challenge);
  });
}
