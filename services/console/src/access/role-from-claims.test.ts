import { expect, it } from '@jest/globals';
import type { Role } from '@keyturn/contracts';
import { roleFromClaims } from './role-from-claims.ts';

const roles = [
  { role: 'viewer', group: 'support' },
  { role: 'operator', group: 'on-call' },
  { role: 'admin', group: 'sre' },
  { role: 'admin', group: 'https://idp.example/groups/owners' },
] as const;

it.each<[string, string, object, Role | null]>([
  ['a group has its role', 'groups', { groups: ['on-call'] }, 'operator'],
  ['of several the highest counts, in whatever order', 'groups', { groups: ['sre', 'support', 'on-call'] }, 'admin'],
  ['one group may stand alone', 'groups', { groups: 'support' }, 'viewer'],
  ['a role may have several groups', 'groups', { groups: ['https://idp.example/groups/owners'] }, 'admin'],
  ['a claim may be deeper in', 'realm_access.roles', { realm_access: { roles: ['sre'] } }, 'admin'],
  ['a claim may have dots in its name', 'https://a.example/groups', { 'https://a.example/groups': ['sre'] }, 'admin'],
  ['a group that has none gives none', 'groups', { groups: ['SRE', 'sre-alumni', ''] }, null],
  ['no claim gives none', 'groups', {}, null],
  ['a claim that is no text gives none', 'groups', { groups: [{ name: 'sre' }, null, 7] }, null],
  ['what every object has is no claim', 'constructor.name', {}, null],
])('%s', (_guarantee, claim, claims, role) => expect(roleFromClaims({ claim, roles }, { ...claims })).toBe(role));
