import { AppError } from '@keyturn/contracts';
import { type Request, type Response, Router } from 'express';
import type { Page, PageFile } from './read-page.ts';

/** The page runs its own files and talks to its own origin: nothing inline, nothing from elsewhere, in nobody's frame. */
const CSP = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
].join('; ');

/** The paths at which the page shows a screen; what follows the first part is the page's to read. */
const screens = [
  'login',
  'first-admin',
  'invitation',
  'queue',
  'changes',
  'bulk',
  'contacts',
  'blocked',
  'numbers',
  'health',
  'alerts',
  'settings',
  'audit',
];

/** `GET /` and every path of a screen: 200 with the page's document, or 304, never taken from a cache unasked. `GET /assets/{name}`: 200 with a file of it, for good, since its name
 *  has its hash; 404. Where the page is not built: 404 with how to build it. */
export function pageRoute(page: Page | null): Router {
  const document = (req: Request, res: Response) => {
    if (page === null) throw unbuilt();
    res.set({ 'content-security-policy': CSP, 'cache-control': 'no-cache', etag: page.document.etag });
    res.set({ 'referrer-policy': 'no-referrer', 'permissions-policy': 'camera=(), microphone=(), geolocation=()' });
    if (req.get('if-none-match') === page.document.etag) res.status(304).end();
    else send(req, res, page.document);
  };
  const router = Router().get('/', document);
  for (const screen of screens) router.get(`/${screen}{/*rest}`, document);
  return router.get('/assets/:name', (req, res) => {
    const file = page?.assets.get(req.params.name);
    if (file === undefined) throw new AppError('request.not_found', 'The page has no such file. Load the page anew.');
    res.set('cache-control', 'public, max-age=31536000, immutable');
    send(req, res, file);
  });
}

function send(req: Request, res: Response, { type, body, gzip }: PageFile): void {
  const zipped = req.acceptsEncodings('gzip') === 'gzip';
  res.set({ 'content-type': type, vary: 'accept-encoding', ...(zipped ? { 'content-encoding': 'gzip' } : {}) });
  res.end(zipped ? gzip : body);
}

const unbuilt = () =>
  new AppError(
    'request.not_found',
    'The page is not built. Run `npm run build --workspace=@keyturn/console`, or start with npm start, and start this again.',
  );
