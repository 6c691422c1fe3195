import { stopParts } from './global-setup.ts';

/** Stops and removes what the global setup started; parts named by the environment stay as they are. */
export default async function globalTeardown(): Promise<void> {
  const parts = globalThis.keyturnTestParts;
  globalThis.keyturnTestParts = undefined;
  if (parts) await stopParts(parts);
}
