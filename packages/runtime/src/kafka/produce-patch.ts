import { createRequire } from 'node:module';
import { hasBundle, isPlain, unbundled } from './bundle.ts';
import { encodeProduce, type Produce } from './produce-request.ts';

type Encoder = { buf: Buffer; offset: number; readonly buffer: Buffer; writeEncoder(value: Encoder): Encoder };
type EncoderClass = { new (size: number): Encoder; readonly prototype: Encoder };
type Request = { encode(): Promise<Encoder> };
type Topic = { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly messages: Messages }[] };
type Messages = Parameters<typeof unbundled>[0];
type Options = Omit<Produce, 'topicData'> & {
  readonly topicData: readonly Topic[];
  readonly compression?: number;
  readonly transactionalId?: string;
  readonly producerId?: unknown;
};
type Make = (options: Options) => { request: Request };
type Definition = { protocol(version: { version: number }): Make };

const VERSION_MIN = 3; // record batches
/** Room before a request for what kafkajs writes there: its length, what it is, and who sends it (a string of 32 kB at most, ours has twenty letters). */
const HEAD_BYTES_MAX = 256;
/** An encoder whose buffer has room before its first byte. */
const roomBefore = Symbol('roomBefore');
type Roomy = Encoder & { [roomBefore]?: number };
let patched = false;

/** Has kafkajs encode plain produce requests (no compression, no transaction, not idempotent) by `encodeProduce`: its own way took a third of all the
 *  time that a webhook takes. Takes bundles apart; where it can't, the request is refused, for kafkajs knows of none. Safe to call again. */
export function patchKafkajsProduce(): void {
  if (patched) return;
  patched = true;
  const require = createRequire(import.meta.url);
  const produce = require('kafkajs/src/protocol/requests/produce/index.js') as Definition;
  const KafkajsEncoder = require('kafkajs/src/protocol/encoder.js') as EncoderClass;
  const { protocol } = produce;
  produce.protocol = ({ version }) => {
    const make = protocol({ version });
    return (options) => {
      const made = make(options);
      if (version >= VERSION_MIN && isOurs(options)) {
        made.request.encode = async () => {
          const whole = encodeProduce({ ...options, topicData: options.topicData.map(unbundledTopic) }, Date.now(), HEAD_BYTES_MAX);
          const buf = whole.subarray(HEAD_BYTES_MAX);
          return Object.assign(new KafkajsEncoder(1), { buf, offset: buf.length, [roomBefore]: HEAD_BYTES_MAX });
        };
      } else if (options.topicData.some(({ partitions }) => partitions.some(({ messages }) => hasBundle(messages)))) {
        throw new Error(`records can't be sent so: produce version ${version}, compression ${options.compression}`);
      }
      return made;
    };
  };
  writeInto(KafkajsEncoder);
}

/** What kafkajs writes before a request goes into the room before it: else all of it is copied twice, each time into zeroed memory of its own. */
function writeInto({ prototype }: EncoderClass): void {
  const { writeEncoder } = prototype;
  prototype.writeEncoder = function writeBefore(this: Encoder, value: Roomy): Encoder {
    const room = value?.[roomBefore] ?? -1;
    if (this.offset > room) return writeEncoder.call(this, value);
    const { buffer: head } = this;
    const whole = Buffer.from(value.buf.buffer, value.buf.byteOffset - head.length, head.length + value.offset);
    head.copy(whole);
    return Object.assign(this, { buf: whole, offset: whole.length, [roomBefore]: room - head.length });
  };
}

const unbundledTopic = ({ topic, partitions }: Topic): Produce['topicData'][number] => ({
  topic,
  partitions: partitions.map(({ partition, messages }) => ({ partition, records: unbundled(messages) })),
});

const isOurs = ({ compression, transactionalId, producerId, topicData }: Options): boolean =>
  !compression &&
  transactionalId === undefined &&
  String(producerId ?? -1) === '-1' &&
  topicData.every(({ partitions }) => partitions.every(({ messages }) => isPlain(messages)));
