import { z } from 'zod';

const ELSEWHERE = 'must be a path of this page, such as /queue';

/** A path of our own page to go to after a login: nobody is sent elsewhere by a link that begins with ours. */
export const WayBack = z
  .string()
  .max(2000)
  .refine((to) => to.startsWith('/') && URL.canParse(to, 'http://page') && new URL(to, 'http://page').host === 'page', ELSEWHERE)
  .default('/');
