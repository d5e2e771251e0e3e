import { describe, expect, test } from "vitest";
import { packetWith } from "../../src/photo/provenance.ts";

const made = {
  sourceSha256: "5e",
  model: "flagship",
  modelVersion: "2",
  modelSha256: "ab",
  strength: 0.9,
  options: 'hint=3,4=#a03020 "&<>',
};

function packet(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const IPTC = 'xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"';

describe("the record of who coloured a photo", () => {
  test("says it in words that cannot break out", () => {
    const said = packetWith(null, made, false);
    expect(said).toContain('photochrom:Strength="0.9"');
    expect(said).toContain('photochrom:Options="hint=3,4=#a03020 &quot;&amp;&lt;&gt;"');
    expect(said).toContain("compositeWithTrainedAlgorithmicMedia");
    expect(said.match(/<\?xpacket/g)).toHaveLength(2);
  });

  test("keeps what others said, and says its own only once", () => {
    const first = packet(
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF}><rdf:Description rdf:about=""
      xmlns:dc="http://purl.org/dc/elements/1.1/" ${IPTC} ext:DigitalSourceType="negativeFilm"
      dc:source="box 7"/></rdf:RDF></x:xmpmeta>`,
    );
    const twice = packetWith(
      packet(packetWith(first, made, false)),
      { ...made, strength: 1 },
      false,
    );
    expect(twice).toContain('dc:source="box 7"');
    expect(twice).not.toContain("negativeFilm");
    expect(twice.match(/DigitalSourceType/g)).toHaveLength(1);
    expect(twice.match(/photochrom:Strength/g)).toHaveLength(1);
    expect(twice).toContain('photochrom:Strength="1"');
  });

  test("forgets the orientation of pixels that were turned", () => {
    const turned = packet(
      `<rdf:RDF ${RDF}><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/">
      <tiff:Orientation>6</tiff:Orientation></rdf:Description></rdf:RDF>`,
    );
    expect(packetWith(turned, made, true)).not.toContain("Orientation");
    expect(packetWith(turned, made, false)).toContain("Orientation");
  });

  test.each(["", "no packet", "<!DOCTYPE a><rdf:RDF></rdf:RDF>", "\xff\xfe<"])(
    "replaces what is no packet: %j",
    (text) => {
      const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      expect(packetWith(latin, made, false)).toContain("<rdf:RDF");
      expect(packetWith(latin, made, false)).not.toContain("DOCTYPE");
    },
  );
});
