/** Every failure we name. `status`: its HTTP status. `retryable`: the same input may succeed later. */
export const errorCodes = {
  'config.invalid': { status: 500, retryable: false },
  'request.invalid': { status: 422, retryable: false },
  'request.malformed': { status: 400, retryable: false },
  'request.unauthenticated': { status: 401, retryable: false },
  'request.forbidden': { status: 403, retryable: false },
  'request.foreign': { status: 403, retryable: false },
  'request.not_found': { status: 404, retryable: false },
  'request.too_large': { status: 413, retryable: false },
  'request.encoded': { status: 415, retryable: false },
  'request.crowded_out': { status: 503, retryable: true },
  'login.refused': { status: 401, retryable: false },
  'login.throttled': { status: 429, retryable: true },
  'login.link_invalid': { status: 410, retryable: false },
  'login.off': { status: 409, retryable: false },
  'oidc.unavailable': { status: 503, retryable: true },
  'member.not_found': { status: 404, retryable: false },
  'member.conflict': { status: 409, retryable: false },
  'session.not_found': { status: 404, retryable: false },
  'webhook.bad_signature': { status: 401, retryable: false },
  'webhook.too_large': { status: 413, retryable: false },
  'webhook.not_kept': { status: 503, retryable: true },
  'contact.not_found': { status: 404, retryable: false },
  'identity.conflict': { status: 409, retryable: false },
  'consent.conflict': { status: 409, retryable: false },
  'business_block.conflict': { status: 409, retryable: false },
  'bulk_decision.not_found': { status: 404, retryable: false },
  'bulk_decision.conflict': { status: 409, retryable: false },
  'phone_number.not_found': { status: 404, retryable: false },
  'platform_token.not_found': { status: 404, retryable: false },
  'platform_token.off': { status: 409, retryable: false },
  'scope.not_found': { status: 404, retryable: false },
  'scope.conflict': { status: 409, retryable: false },
  'dead_letter.not_found': { status: 404, retryable: false },
  'dead_letter.conflict': { status: 409, retryable: false },
  'replay.not_found': { status: 404, retryable: false },
  'replay.stalled': { status: 503, retryable: true },
  'runbook.conflict': { status: 409, retryable: false },
  'verification.not_found': { status: 404, retryable: false },
  'verification.conflict': { status: 409, retryable: false },
  'verification.off': { status: 409, retryable: false },
  'verification.undelivered': { status: 502, retryable: true },
  'alert.not_found': { status: 404, retryable: false },
  'alert.conflict': { status: 409, retryable: false },
  'alert.off': { status: 409, retryable: false },
  'event.undecodable': { status: 422, retryable: false },
  'event.undecided': { status: 500, retryable: false },
  'log.gap': { status: 500, retryable: false },
  'log.shorter_than_state': { status: 500, retryable: false },
  'consumer.stopped': { status: 500, retryable: false },
  'batch.superseded': { status: 503, retryable: true },
  'batch.contact_moved': { status: 503, retryable: true },
  'kafka.unavailable': { status: 503, retryable: true },
  'kafka.record_too_large': { status: 413, retryable: false },
  'graph.unavailable': { status: 503, retryable: true },
  'graph.throttled': { status: 503, retryable: true },
  'store.unavailable': { status: 503, retryable: true },
  'store.conflict': { status: 503, retryable: true },
  'store.data': { status: 500, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>;
/** What a failure is called; callers may rely on it. */
export type ErrorCode = keyof typeof errorCodes;

/** The one error class: `code` decides retry and HTTP status, so no caller does. `detail` goes to the caller as it is, so it holds no secret. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: Record<string, unknown>;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { detail?: Record<string, unknown> }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.detail = options?.detail ?? {};
  }
}

/** Whether the same input may succeed later. An error that we did not name is not retried blindly. */
export const isRetryable = (error: unknown): boolean => error instanceof AppError && errorCodes[error.code].retryable;

/** A field that can't be taken as it came: the rule that it breaks, and `code`, by which a page says it in its own language. */
export const invalidField = (field: string, rule: string, code: string): AppError =>
  new AppError('request.invalid', `${field}: ${rule}`, { detail: { errors: [{ field, rule, code }] } });
