import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Who } from './policy.ts';

/** What a route takes or answers: JSON by a schema, or plain text, CSV, events or bytes. */
export type Content = z.ZodType | 'text/plain' | 'text/csv' | 'text/event-stream' | 'application/octet-stream';
/** An answer that is no problem document. `content` is absent where there is none. */
export type Answer = { readonly status: number; readonly means: string; readonly content?: Content };
/** An answer in JSON. */
export const json = (status: number, means: string, content: z.ZodType): Answer => ({ status, means, content });
/** One route, as OpenAPI has it: all that a caller may rely on. */
export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Who may call it, as the policy says. */
  readonly who: Who;
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject;
  readonly requestHeaders?: Readonly<Record<string, z.ZodType>>;
  readonly body?: Content;
  readonly answers: readonly Answer[];
  /** The codes of the problem documents that it answers beside those of every route with its caller or body, by which their statuses follow. */
  readonly problems: readonly ErrorCode[];
};
/** A route as it is written down; who may call it is in the policy. */
export type DeclaredRoute = Omit<Route, 'who'>;
