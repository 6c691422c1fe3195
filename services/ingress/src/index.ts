export { loadConfig as ingressConfig } from './config.ts';
export { start } from './start.ts';
