import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@keyturn/contracts';

/** Resolves with the bytes of a request's body. */
export type ReadBody = (req: IncomingMessage, res: ServerResponse) => Promise<Buffer>;
type Bounds = {
  readonly bytesMax: number;
  /** All bodies together that have begun and not ended. */
  readonly heldBytesMax?: number;
};

const HELD_BYTES_MAX = 64 * 1024 * 1024;
const BLOCK_BYTES = 4 * 1024;
/** So many pieces may have any size; beyond, they have this many bytes each on average. Whoever sends byte by byte only wants us to work. */
const PIECES_FREE = 1_024;
const PIECE_BYTES_MIN = 64;

/** A body that has begun and not ended, and the memory it takes. */
type Unfinished = { held: number; readonly refuse: (error: AppError) => void };

/** Answers a reader of bodies of `bytesMax` at most, which holds `heldBytesMax` of all unfinished ones: beyond, the one that has been coming for the
 *  longest time is refused, so that those who are quick are served however many are slow. Rejects with `request.too_large` (before any of it is
 *  read where its length is declared), `request.encoded` (compressed), `request.crowded_out`, or `request.malformed` (cut off, or byte by byte).
 *  A client that waits for `100 Continue` gets it here. */
export function bodyReader({ bytesMax, heldBytesMax = HELD_BYTES_MAX }: Bounds): ReadBody {
  const unfinished = new Set<Unfinished>(); // oldest first
  let heldBytes = 0;
  const hold = (body: Unfinished, bytes: number): void => {
    heldBytes += bytes - body.held;
    body.held = bytes;
    for (const oldest of unfinished) {
      if (heldBytes <= heldBytesMax) return;
      oldest.refuse(new AppError('request.crowded_out', 'Too much is being sent at once, and this took the longest. Send it again.'));
    }
  };
  return (req, res) => {
    const refusal = refusalOf(req, bytesMax);
    if (refusal) return Promise.reject(refusal);
    if (/^100-continue$/i.test(req.headers.expect ?? '')) res.writeContinue();
    const declared = declaredLength(req);
    return new Promise((resolve, reject) => {
      let bytes: Buffer | Pieces | undefined; // mostly all comes at once
      let [length, pieces] = [0, 0];
      let ended = false; // taking four listeners off takes longer than to look
      const end = (): void => {
        ended = true;
        if (unfinished.delete(body)) hold(body, 0);
      };
      const refuse = (error: AppError): void => {
        end();
        bytes = undefined;
        reject(error);
      };
      const take = (chunk: Buffer): void => {
        if (ended) return;
        pieces += 1;
        if (pieces > PIECES_FREE && pieces * PIECE_BYTES_MIN > length) refuse(malformed('The body comes in pieces that are too small'));
        else if (length + chunk.length > bytesMax) refuse(tooLarge(bytesMax));
        else {
          length += chunk.length;
          bytes = bytes === undefined ? chunk : withMore(bytes, chunk);
          if (length === declared) return;
          unfinished.add(body);
          hold(body, length + BLOCK_BYTES);
        }
      };
      const whole = (): void => {
        if (ended) return;
        end();
        resolve(bytes === undefined ? NOTHING : Buffer.isBuffer(bytes) ? bytes : bytes.all());
      };
      const cut = (): void => {
        if (!ended) refuse(malformed('The body was cut off'));
      };
      const body: Unfinished = { held: 0, refuse };
      req.on('data', take).on('end', whole).on('error', cut).on('close', cut);
    });
  };
}

const NOTHING = Buffer.alloc(0);

function withMore(bytes: Buffer | Pieces, chunk: Buffer): Pieces {
  const pieces = Buffer.isBuffer(bytes) ? pieceByPiece(bytes) : bytes;
  pieces.add(chunk);
  return pieces;
}

type Pieces = ReturnType<typeof pieceByPiece>;
/** Bytes that come in pieces. Small ones are copied together, since a body may come in a million of them, and each takes a hundred bytes of its own. */
function pieceByPiece(first: Buffer) {
  const parts = [first];
  let block: Buffer | undefined;
  let blockLength = 0;
  let { length } = first;
  const flush = (): void => {
    if (block) parts.push(block.subarray(0, blockLength));
    block = undefined;
  };
  return {
    all(): Buffer {
      flush();
      return Buffer.concat(parts, length);
    },
    add(piece: Buffer): void {
      const isSmall = piece.length < BLOCK_BYTES;
      if (!isSmall || (block && blockLength + piece.length > BLOCK_BYTES)) flush();
      length += piece.length;
      if (!isSmall) return void parts.push(piece);
      if (!block) {
        block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
        blockLength = 0;
      }
      blockLength += piece.copy(block, blockLength);
    },
  };
}

const tooLarge = (bytesMax: number): AppError =>
  new AppError('request.too_large', `The body has more than the ${bytesMax} bytes that this route takes. Send less at once.`);

const malformed = (what: string): AppError => new AppError('request.malformed', `${what}. Send it again, in full.`);

const declaredLength = ({ headers }: IncomingMessage): number | undefined =>
  headers['content-length'] === undefined ? undefined : Number(headers['content-length']);

function refusalOf(req: IncomingMessage, bytesMax: number): AppError | undefined {
  const encoding = req.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity')
    return new AppError('request.encoded', 'The body is compressed. Send it as it is, without content-encoding.');
  return (declaredLength(req) ?? 0) > bytesMax ? tooLarge(bytesMax) : undefined;
}
