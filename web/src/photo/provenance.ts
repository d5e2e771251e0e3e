/** Who coloured this: a record in the XMP of every result, honest about the machine. */

import type { Bytes } from "./bytes.ts";

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
const OURS = "https://photochrom.org/ns/1.0/";
const TIFF = "http://ns.adobe.com/tiff/1.0/";
// IPTC NewsCodes: a picture made of a real one and of what a trained model added.
const COMPOSITE_WITH_AI =
  "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

export interface Provenance {
  readonly sourceSha256: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
  readonly strength: number;
  /** What differs from the defaults, in words. */
  readonly options: string;
}

type Properties = Readonly<Record<string, string>>;

/** One XMP packet: what `existing` says, and that a machine coloured the picture. */
export function packetWith(existing: Bytes | null, made: Provenance, isTurned: boolean): string {
  const iptc = {
    DigitalSourceType: COMPOSITE_WITH_AI,
    AISystemUsed: `Photochrom ${made.model}`,
    AISystemVersionUsed: made.modelVersion,
  };
  const ours = {
    Model: made.model,
    ModelSHA256: made.modelSha256,
    ModelVersion: made.modelVersion,
    Options: made.options,
    SourceSHA256: made.sourceSha256,
    Strength: String(made.strength),
    Version: __PHOTOCHROM_VERSION__,
  };
  const said = [description("Iptc4xmpExt", IPTC, iptc), description("photochrom", OURS, ours)];
  const kept = keptPart(existing, isTurned);
  const at = endOfRdf(kept);
  return wrapped(`${kept.slice(0, at)}${said.join("")}${kept.slice(at)}`);
}

const EMPTY = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}"></rdf:RDF></x:xmpmeta>`;

/** The existing packet's XML without what we say anew; an empty one where it cannot be read. */
function keptPart(existing: Bytes | null, isTurned: boolean): string {
  const text = existing && textOf(existing);
  if (!text || endOfRdf(text) < 0 || /<!DOCTYPE/i.test(text)) return EMPTY;
  const names: [string, string[]][] = [
    [IPTC, ["DigitalSourceType", "AISystemUsed", "AISystemVersionUsed"]],
    [
      OURS,
      ["Model", "ModelSHA256", "ModelVersion", "Options", "SourceSHA256", "Strength", "Version"],
    ],
    ["http://ns.adobe.com/xap/1.0/", ["Thumbnails"]],
    [TIFF, isTurned ? ["Orientation"] : []],
  ];
  return names.reduce(
    (rest, [namespace, properties]) => properties.reduce(withoutProperty(namespace), rest),
    text.replace(/<\?(xpacket|xml)\b[\s\S]*?\?>/g, "").trim(),
  );
}

/** A property goes, as an attribute and as an element, under whatever prefixes its namespace has. */
function withoutProperty(namespace: string): (text: string, property: string) => string {
  return (text, property) => {
    const declared = text.matchAll(/xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']/g);
    const prefixes = [...declared].filter(([, , uri]) => uri === namespace).map(([, name]) => name);
    return [...new Set(prefixes)].reduce((rest, prefix) => {
      const name = `${prefix}:${property}`.replaceAll(".", "\\.");
      const attribute = new RegExp(`\\s${name}\\s*=\\s*("[^"]*"|'[^']*')`, "g");
      const element = new RegExp(`<${name}(\\s[^>]*)?(/>|>[\\s\\S]*?</${name}\\s*>)`, "g");
      return rest.replace(attribute, "").replace(element, "");
    }, text);
  };
}

/** Null for what is not UTF-8. */
function textOf(packet: Bytes): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(packet).replaceAll("\0", "");
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function endOfRdf(text: string): number {
  const ends = [...text.matchAll(/<\/(?:[\w.-]+:)?RDF\s*>/g)];
  return ends.at(-1)?.index ?? -1;
}

function description(prefix: string, namespace: string, properties: Properties): string {
  const said = Object.entries(properties).map(
    ([name, value]) => ` ${prefix}:${name}="${escaped(value)}"`,
  );
  const head = `<rdf:Description xmlns:rdf="${RDF}" rdf:about=""`;
  return `${head}\n xmlns:${prefix}="${namespace}"\n${said.join("\n")}/>\n`;
}

function escaped(value: string): string {
  const marks: Properties = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return value
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[&<>"]/g, (mark) => marks[mark]);
}

function wrapped(text: string): string {
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${text}\n<?xpacket end="w"?>`;
}
