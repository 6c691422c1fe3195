import { AccessToken } from '@keyturn/contracts';
import { z } from 'zod';

/** How to speak with the platform's Graph API; spread it into a schema. */
export const graphEnv = {
  /** Where it is, without a version. */
  WHATSAPP_GRAPH_URL: z.url({ protocol: /^https?$/, error: 'is not an http(s):// URL' }).default('https://graph.facebook.com'),
  /** Each version ends on a day of its own
   *  (https://developers.facebook.com/docs/graph-api/changelog, read 2026-08). */
  WHATSAPP_GRAPH_VERSION: z
    .string()
    .regex(/^v\d{1,3}\.\d$/, "is no version: like 'v25.0'")
    .default('v25.0'),
  /** A system user's token with the permissions `whatsapp_business_management` and `whatsapp_business_messaging`. */
  WHATSAPP_ACCESS_TOKEN: AccessToken.optional(),
} as const;
