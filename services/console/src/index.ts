export { firstAdminUrl } from './access/first-admin-url.ts';
export { loadConfig as consoleConfig } from './config.ts';
export { start } from './start.ts';
