export { loadConfig as gateConfig } from './config.ts';
export { start } from './start.ts';
