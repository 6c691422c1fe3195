import type { Request } from 'express';
import { z } from 'zod';

const Id = z.uuid().toLowerCase();
/** The id that a path names, as it is kept: in lower case. Undefined: it can be nobody's. */
export const idIn = (req: Request, name: string): string | undefined => Id.safeParse(req.params[name]).data;
