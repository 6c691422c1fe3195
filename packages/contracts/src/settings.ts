import { z } from 'zod';

/** What somebody calls a rule, a route or an endpoint, for good. */
export const SettingName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is lower-case letters, digits and dashes, 63 at most');
/** A list in which nothing stands twice. */
export const distinct = <Item extends z.ZodType>(item: Item, max = 100) =>
  z
    .array(item)
    .min(1)
    .max(max)
    .refine((items) => new Set(items).size === items.length, 'names something twice');
/** Where a setting has something sent to. */
export const EndpointUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http:// or https:// URL' })
  .max(2000)
  .refine((url) => !/^[^?]*@|#/.test(url), 'may hold no user, password or fragment');
