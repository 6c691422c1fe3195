import stopParts from '../../packages/testkit/src/global-teardown.ts';

/** Removes what the global setup made and stops what it started; parts named by the environment stay as they are. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.keyturnTestTemplate?.drop();
  globalThis.keyturnTestTemplate = undefined;
  await stopParts();
}
