import type { GraphErrorSaid } from './graph-error.ts';

/** An app as the platform keeps it. */
export type GraphApp = {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  /** The app takes no call without `appsecret_proof`. */
  requiresProof: boolean;
  /** The webhook of object `whatsapp_business_account`; null: there is none. */
  webhook: { callbackUrl: string; fields: string[]; active: boolean } | null;
};

/** An access token. */
export type GraphToken = {
  readonly token: string;
  readonly appId: string;
  scopes: string[];
  /** Which accounts each scope is for; absent: all. */
  granular?: { scope: string; target_ids?: string[] }[];
  /** Unix seconds; 0: never. */
  expiresAt: number;
  valid: boolean;
  /** `SYSTEM_USER`, `USER`, … */
  type: string;
};

/** A business number as the platform keeps it. */
export type GraphNumber = {
  readonly id: string;
  displayPhoneNumber: string;
  verifiedName: string;
  qualityRating: string;
  status: string;
  messagingLimitTier: string;
  /** Null: never set. */
  identityCheck: boolean | null;
  override: string | null;
  calling: { status: string };
  /** Who wrote in the last 24 hours, by wa_id or BSUID: only they can be blocked. */
  readonly recentWriters: Set<string>;
  readonly blocked: Set<string>;
};

/** A WhatsApp Business account. */
export type GraphWaba = {
  readonly id: string;
  readonly name: string;
  readonly numbers: GraphNumber[];
  /** By app: the callback that overrides the app's; null: none does. */
  readonly subscribed: Map<string, { override: string | null }>;
};

/** How a send that is accepted is answered: late; once that has come; with so many bytes more; or with so many, and then the connection breaks, before the answer is whole. */
export type GraphManner =
  | { readonly afterMs: number }
  | { readonly after: Promise<unknown> }
  | { readonly padding: number }
  | { readonly brokenAfterBytes: number };

/** All that the local Graph API knows. Tests change it; the server reads it anew with each request. */
export type GraphWorld = {
  readonly apps: GraphApp[];
  readonly tokens: GraphToken[];
  readonly wabas: GraphWaba[];
  /** What the platform's pages and its schema disagree on: how the property of the identity check is called, and whether the settings show it. */
  identity: { property: 'enable_identity_key_check' | 'enabled' | 'both'; readable: boolean };
  /** How many people one number may block. */
  blockedMax: number;
  /** Sends to these numbers and BSUIDs are refused so. */
  readonly refusals: Map<string, GraphErrorSaid & { readonly status: number }>;
  /** Sends to these numbers are accepted so. */
  readonly manners: Map<string, GraphManner>;
  /** What the platform calls these numbers; by itself their digits. */
  readonly spellings: Map<string, string>;
  /** How many bytes more an answer to a send has. */
  answerPadding: number;
  /** Whether answers come compressed, as they do to whom asks for that. */
  compresses: boolean;
};

/** A token that may do all that keyturn needs. */
export const GRAPH_TOKEN = 'EAAGkeyturnLocalGraphTokenZB1';
export const GRAPH_APP = { id: '634974688087057', secret: '0b7d4f2a9c8e41d6b35fa1207e9c64d8' } as const;
const GRAPH_FIELDS = ['messages', 'user_preferences', 'account_update', 'phone_number_quality_update'];

/** A number on which everything is switched on that keyturn needs. */
export const graphNumber = (id: string, changes: Partial<GraphNumber> = {}): GraphNumber => ({
  id,
  displayPhoneNumber: '+1 631-555-5555',
  verifiedName: "Jasper's Market",
  qualityRating: 'GREEN',
  status: 'CONNECTED',
  messagingLimitTier: 'TIER_1K',
  identityCheck: true,
  override: null,
  calling: { status: 'disabled' },
  recentWriters: new Set(),
  blocked: new Set(),
  ...changes,
});

/** One app, one account and these numbers, all as keyturn needs it. */
export function graphWorld(
  numbers: GraphNumber[] = [graphNumber('106540352242922')],
  fields: readonly string[] = GRAPH_FIELDS,
): GraphWorld {
  return {
    apps: [
      {
        ...{ id: GRAPH_APP.id, name: 'Keyturn', secret: GRAPH_APP.secret, requiresProof: false },
        webhook: { callbackUrl: 'https://keyturn.example/webhook', fields: [...fields], active: true },
      },
    ],
    tokens: [
      {
        ...{ token: GRAPH_TOKEN, appId: GRAPH_APP.id, expiresAt: 0, valid: true, type: 'SYSTEM_USER' },
        scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
        granular: [{ scope: 'whatsapp_business_management', target_ids: ['102290129340398'] }],
      },
    ],
    wabas: [{ id: '102290129340398', name: "Jasper's Market", numbers, subscribed: new Map([[GRAPH_APP.id, { override: null }]]) }],
    identity: { property: 'both', readable: true },
    blockedMax: 64_000,
    refusals: new Map(),
    manners: new Map(),
    spellings: new Map(),
    answerPadding: 0,
    compresses: false,
  };
}
