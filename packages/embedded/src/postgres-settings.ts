import { totalmem } from 'node:os';

/** Server settings by name. */
export type PostgresSettings = Readonly<Record<string, string | number>>;

const MB = 2 ** 20;
const BUFFERS_MIN_MB = 128;
const BUFFERS_MAX_MB = 1_024;
/** The services and Kafka run beside it. */
const SHARE_OF_MEMORY = 1 / 8;

/** As flags of the server: ours, and then what outweighs them. It listens on this machine only. */
export function settingFlags(port: number, settings: PostgresSettings): string[] {
  const quiet = { log_checkpoints: 'off', log_error_verbosity: 'terse', log_min_error_statement: 'panic' }; // rows hold personal data
  const many = { shared_buffers: sharedBuffers(memoryOfThisMachine()), max_wal_size: '2GB' }; // for a million contacts, see docs/operate.md
  const ours = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', max_connections: 200, jit: 'off', ...quiet, ...many };
  return Object.entries({ ...ours, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** How much of the tables it keeps at hand, on a machine with so many bytes of memory: what is not used is not taken. */
export function sharedBuffers(memoryBytes: number): string {
  const share = Math.floor((memoryBytes * SHARE_OF_MEMORY) / MB);
  return `${Math.max(BUFFERS_MIN_MB, Math.min(BUFFERS_MAX_MB, share))}MB`;
}

/** Or of the container, where it has less. */
const memoryOfThisMachine = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
