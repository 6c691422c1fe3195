import type { AlertMessage } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import type { Allow, Database, Sealer, StoredAlertRoute } from '@keyturn/store';
import type { Oidc } from '../access/oidc.ts';
import type { AccessSettings } from '../access/settings.ts';
import type { StillMay } from '../access/still-may.ts';
import type { AlertSettings } from '../alerts/settings.ts';
import type { ChangeWatch } from '../stream/watch-changes.ts';
import type { VerificationSettings } from '../verification/settings.ts';

/** What the routes are made of. */
export type Deps = {
  readonly pool: Database['pool'];
  readonly allow: Allow;
  /** Asked by what goes on for longer than a request. */
  readonly stillMay: StillMay;
  readonly access: AccessSettings;
  /** Null: the organisation has no login of its own. */
  readonly oidc: Oidc | null;
  readonly log: Log;
  /** Where the page is reached, without a slash at its end; known once the console listens. */
  readonly pageUrl: () => string;
  readonly now: () => Date;
  /** UUIDv7: contacts and decisions sort by when they were made. */
  readonly newId: () => string;
  /** What moved, as it moves. */
  readonly changes: ChangeWatch;
  /** Null: nobody is asked to verify. */
  readonly verification: Pick<VerificationSettings, 'keys' | 'privateOrigins'> | null;
  /** Null: tokens of the platform can't be kept. */
  readonly tokens: Sealer | null;
  /** By which keys the secrets of routes are kept, and where alerts may go though it is not public. */
  readonly alerts: Pick<AlertSettings, 'keys' | 'sealer' | 'privateOrigins'>;
  /** Sends a message to a route now and once, and answers the id of its delivery. */
  readonly sendTest: (route: StoredAlertRoute, message: AlertMessage) => Promise<string>;
};
