import type { AuthMethodsJson, MeJson, Scope } from '@keyturn/contracts';
import { queryOptions } from '@tanstack/react-query';
import { problemOf, request } from './request.ts';

/** Who is signed in; null: nobody. */
export const meQuery = () =>
  queryOptions({
    queryKey: ['me'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      request<MeJson>('GET', '/v1/me').catch((error: unknown) => {
        if (problemOf(error).status === 401) return null;
        throw error;
      }),
  });
/** How one may sign in here. */
export const methodsQuery = () => queryOptions({ queryKey: ['methods'], queryFn: () => request<AuthMethodsJson>('GET', '/auth/methods') });

/** Whether somebody may do what needs a scope. */
export const may = (me: MeJson | null | undefined, scope: Scope): boolean =>
  me !== null && me !== undefined && (me.scopes.includes(scope) || me.scopes.includes('admin'));
