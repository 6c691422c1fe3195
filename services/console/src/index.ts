export { firstAdminUrl } from './access/first-admin-url.ts';
export { start } from './start.ts';
