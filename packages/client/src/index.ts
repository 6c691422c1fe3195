export type { Category, Decision, Reason, Send } from './decision.ts';
export { type Gate, type GateOptions, gateAt, type Message, type MessageOptions, type Sent } from './gate.ts';
