import { AppError } from '@keyturn/contracts';
import type { Member } from '@keyturn/store';
import type { AccessSettings } from './settings.ts';

/** Whether the organisation's own login says a member's role, anew at each login. */
export const isRoleByLogin = ({ methods }: Pick<Member, 'methods'>, { oidc }: Pick<AccessSettings, 'oidc'>): boolean =>
  oidc?.mapping != null && methods.includes('oidc');

/** A password would let somebody in by the role of their last login, whatever groups they have left since. */
export const roleByLogin = (): AppError =>
  new AppError('login.off', 'Your role follows from your groups, as your organisation’s login says them: sign in there.', {
    detail: { reason: 'role_by_login' },
  });
