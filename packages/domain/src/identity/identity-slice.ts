import type { IdentityView } from '@keyturn/contracts';
import type { Slice } from '../slice.ts';
import { decideIdentity, idleForIdentity, undecidedIdentity } from './decide-identity.ts';
import { type IdentityState, nothingSeen } from './identity-state.ts';
import type { IdentityTold } from './identity-told.ts';
import { identityView } from './identity-view.ts';
import { regroupIdentity } from './regroup-identity.ts';

/** Whether the person behind a number is still the person we knew: blocked from the first thing that speaks against it until somebody decides. */
export const identitySlice: Slice<IdentityState, IdentityView, IdentityTold> = {
  name: 'identity',
  empty: nothingSeen,
  view: identityView,
  idle: idleForIdentity,
  decide: decideIdentity,
  undecided: undecidedIdentity,
  regroup: regroupIdentity,
};
