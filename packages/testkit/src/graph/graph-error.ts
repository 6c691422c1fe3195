import { randomBytes } from 'node:crypto';
import type { Response } from 'express';

/** What an error says beside the trace id. */
export type GraphErrorSaid = {
  readonly code: number;
  readonly message: string;
  readonly type?: string;
  readonly error_subcode?: number;
  readonly error_data?: unknown;
  readonly is_transient?: boolean;
};

/** An error as the platform words it. */
export const graphErrorBody = (said: GraphErrorSaid) => ({
  error: { type: 'OAuthException', ...said, fbtrace_id: `A${randomBytes(16).toString('base64url')}` },
});

/** Answers an error as the platform does. `with`: what a partial failure says beside it. */
export function graphError(res: Response, status: number, said: GraphErrorSaid, beside: object = {}): void {
  res.status(status).json({ ...beside, ...graphErrorBody(said) });
}

/** The answer for an id that is not there, or not for this token: the platform tells neither from the other. */
export const noSuchObject = (res: Response, method: string, id: string): void =>
  graphError(res, 400, {
    ...{ code: 100, error_subcode: 33, type: 'GraphMethodException' },
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
  });
/** A parameter that can't be used. */
export const invalidParameter = (res: Response, details: string): void =>
  graphError(res, 400, { code: 100, message: '(#100) Invalid parameter', error_data: { messaging_product: 'whatsapp', details } });
/** The token lacks a permission. */
export const notPermitted = (res: Response): void =>
  graphError(res, 403, {
    code: 200,
    message: '(#200) You do not have the necessary permissions required to send messages on behalf of this WhatsApp Business Account',
  });
