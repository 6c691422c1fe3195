/** Where a Chromium is: the one that `CHROMIUM_PATH` names, else the one that comes with the tests, which whoever asks first unpacks. */
export const chromiumPath = async (): Promise<string> =>
  process.env.CHROMIUM_PATH || (await (await import('@sparticuz/chromium')).default.executablePath());
