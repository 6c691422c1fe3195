import type { RequestHandler, Router } from 'express';

/** A route as express has it: its path as OpenAPI writes it, and its handlers in order. */
export type ServedRoute = { readonly route: string; readonly handlers: readonly RequestHandler[] };
type Layer = {
  readonly handle: RequestHandler & { readonly stack?: readonly Layer[] };
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method: string; readonly handle: RequestHandler }[] };
};

/** Every route that a router serves, those of routers within it included: `GET /v1/contacts/{contactId}`. */
export function servedRoutes(router: Router): ServedRoute[] {
  return (router.stack as unknown as readonly Layer[]).flatMap(({ handle, route }) => {
    if (route === undefined) return handle.stack === undefined ? [] : servedRoutes(handle as unknown as Router);
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const byMethod = Map.groupBy(route.stack, ({ method }) => method.toUpperCase());
    return [...byMethod].map(([method, layers]) => ({ route: `${method} ${path}`, handlers: layers.map((layer) => layer.handle) }));
  });
}
