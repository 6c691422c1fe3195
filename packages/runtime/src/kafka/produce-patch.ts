import { createRequire } from 'node:module';
import { unbundled } from './bundle.ts';
import { encodeProduce, isPlain, type Produce } from './produce-request.ts';

type Encoder = { buf: Buffer; offset: number };
type Request = { encode(): Promise<Encoder> };
type Options = Produce & { readonly compression?: number; readonly transactionalId?: string; readonly producerId?: unknown };
type Make = (options: Options) => { request: Request };
type Definition = { protocol(version: { version: number }): Make };

const VERSION_MIN = 3; // record batches
let patched = false;

/** Has kafkajs encode plain produce requests (no compression, no transaction, not idempotent) by `encodeProduce`: its own way took a third of all the
 *  time that a webhook takes. Takes bundles apart, in whatever request they come. Safe to call again. */
export function patchKafkajsProduce(): void {
  if (patched) return;
  patched = true;
  const require = createRequire(import.meta.url);
  const produce = require('kafkajs/src/protocol/requests/produce/index.js') as Definition;
  const KafkajsEncoder = require('kafkajs/src/protocol/encoder.js') as new (size: number) => Encoder;
  const { protocol } = produce;
  produce.protocol = ({ version }) => {
    const make = protocol({ version });
    return (given) => {
      const options = { ...given, topicData: given.topicData.map(unbundledTopic) };
      const made = make(options);
      if (version >= VERSION_MIN && isOurs(options)) {
        made.request.encode = async () => {
          const buf = encodeProduce(options, Date.now());
          return Object.assign(new KafkajsEncoder(1), { buf, offset: buf.length });
        };
      }
      return made;
    };
  };
}

type TopicData = Produce['topicData'][number];
const unbundledTopic = (topic: TopicData): TopicData => ({ ...topic, partitions: topic.partitions.map(unbundled) });

const isOurs = (options: Options): boolean =>
  !options.compression && options.transactionalId === undefined && String(options.producerId ?? -1) === '-1' && isPlain(options);
