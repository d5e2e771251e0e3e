/**
 * What an ONNX file says of itself, and an input made to be given, by way of the protobuf
 * (onnx.proto3: ModelProto 7 graph, 14 metadata_props; GraphProto 5 initializer, 11 input; strings
 * are field 1, 2; TensorProto 8 name). ONNX Runtime Web shows no metadata, and of inputs that have a
 * default, which is an initializer of the same name, it neither tells nor lets anyone give them.
 */

import { concatenated } from "../photo/bytes.ts";

export interface OnnxFacts {
  readonly metadata: ReadonlyMap<string, string>;
  readonly inputs: readonly string[];
}

interface Field {
  readonly number: number;
  readonly content: Uint8Array;
  /** Where it lies in its message, its number and length included. */
  readonly start: number;
  readonly end: number;
}

const [GRAPH, METADATA] = [7, 14];
const [INITIALIZER, GRAPH_INPUT] = [5, 11];
const [NAME, VALUE, TENSOR_NAME] = [1, 2, 8];
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

/** The same model with an input that has no default any more; as it is where it had none. */
export function withoutDefault(model: Uint8Array, input: string): Uint8Array {
  const graph = [...fields(model)].find(({ number }) => number === GRAPH);
  const initial = [...fields(graph?.content ?? model.subarray(0, 0))].find(
    ({ number, content }) =>
      number === INITIALIZER && textOf([...fields(content)], TENSOR_NAME) === input,
  );
  if (!graph || !initial) return model;
  const length = graph.content.length - (initial.end - initial.start);
  return concatenated(
    model.subarray(0, graph.start),
    Uint8Array.from([...varint(GRAPH * 8 + BYTES), ...varint(length)]),
    graph.content.subarray(0, initial.start),
    graph.content.subarray(initial.end),
    model.subarray(graph.end),
  );
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function textOf(entry: readonly Field[], number: number): string {
  const found = entry.find((field) => field.number === number);
  return found ? new TextDecoder().decode(found.content) : "";
}

/** The fields of one message that hold bytes; numbers are passed over. */
function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let shift = 1; at < message.length; shift *= 128) {
      const byte = message[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    throw new RangeError("a number is cut off");
  };
  while (at < message.length) {
    const start = at;
    const key = readVarint();
    const kind = key % 8;
    if (kind === VARINT) readVarint();
    else if (kind === FIXED64) at += 8;
    else if (kind === FIXED32) at += 4;
    else if (kind === BYTES) {
      const length = readVarint();
      if (at + length > message.length) throw new RangeError("a field is cut off");
      const content = message.subarray(at, at + length);
      at += length;
      yield { number: Math.floor(key / 8), content, start, end: at };
    } else throw new RangeError(`no field is of kind ${kind}`);
  }
}
