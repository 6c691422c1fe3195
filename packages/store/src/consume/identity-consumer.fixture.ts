/** The identity consumer as its service runs it. */
export { identityConsumer as identity } from '../consumers.ts';
