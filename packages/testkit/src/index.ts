export { inboundRecord, iso, message, numberChanged, status, T0 } from './events.ts';
export { type GraphServer, startGraphServer } from './graph/graph-server.ts';
export { GRAPH_APP, GRAPH_TOKEN, graphNumber, graphWorld } from './graph/graph-world.ts';
export { type TestKafka, testKafka } from './kafka.ts';
export { type OtlpReceiver, otlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
export { hasPgBouncer, startPgBouncer } from './pgbouncer.ts';
export { type Pooler, startPooler } from './pooler.ts';
export { type TestDatabase, testDatabase } from './postgres.ts';
export { keepFromLogs, keepLine, keepLogs, runLogEnv, testLog } from './run-logs.ts';
