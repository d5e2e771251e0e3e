/**
 * What an ONNX file says of itself: its metadata and the names of its inputs, read from the protobuf
 * (onnx.proto3: ModelProto 7 graph, 14 metadata_props; GraphProto 11 input; strings are field 1, 2).
 * ONNX Runtime Web shows neither metadata nor inputs that have a default.
 */

export interface OnnxFacts {
  readonly metadata: ReadonlyMap<string, string>;
  readonly inputs: readonly string[];
}

interface Field {
  readonly number: number;
  readonly content: Uint8Array;
}

const [GRAPH, METADATA, GRAPH_INPUT, NAME, VALUE] = [7, 14, 11, 1, 2];
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

/** Throws `RangeError` for bytes that are no protobuf. */
export function readOnnxFacts(model: Uint8Array): OnnxFacts {
  const metadata = new Map<string, string>();
  const inputs: string[] = [];
  for (const { number, content } of fields(model)) {
    if (number === METADATA) {
      const entry = [...fields(content)];
      metadata.set(textOf(entry, NAME), textOf(entry, VALUE));
    } else if (number === GRAPH) {
      for (const part of fields(content)) {
        if (part.number === GRAPH_INPUT) inputs.push(textOf([...fields(part.content)], NAME));
      }
    }
  }
  return { metadata, inputs };
}

function textOf(entry: readonly Field[], number: number): string {
  const found = entry.find((field) => field.number === number);
  return found ? new TextDecoder().decode(found.content) : "";
}

/** The fields of one message that hold bytes; numbers are passed over. */
function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; at < message.length; shift *= 128) {
      const byte = message[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    throw new RangeError("a number is cut off");
  };
  while (at < message.length) {
    const key = varint();
    const kind = key % 8;
    if (kind === VARINT) varint();
    else if (kind === FIXED64) at += 8;
    else if (kind === FIXED32) at += 4;
    else if (kind === BYTES) {
      const length = varint();
      if (at + length > message.length) throw new RangeError("a field is cut off");
      yield { number: Math.floor(key / 8), content: message.subarray(at, at + length) };
      at += length;
    } else throw new RangeError(`no field is of kind ${kind}`);
  }
}
