import { expect, test } from "vitest";
import type { Api, ModelEntry } from "../../src/server/api.ts";
import { ServerSource } from "../../src/worker/server-source.ts";

const WISHES = { place: "server", strength: 1, vividness: null, hints: [] } as const;

/** A server with models that paint so, which writes down the model that it is asked for. */
function serverWith(...paints: string[]): [Api, (string | undefined)[]] {
  const asked: (string | undefined)[] = [];
  const models = paints.map((each, at) => ({ name: `model ${at}`, paints: each }) as ModelEntry);
  const answer = async (_: File, { model }: { model?: string }) => {
    asked.push(model);
    return new Blob();
  };
  return [{ models: async () => ({ models }), colorize: answer } as unknown as Api, asked];
}

test("the server is asked for the model that this device would use", async () => {
  const [api, asked] = serverWith("rgb", "ab", "ab");
  const source = await ServerSource.of(api);
  expect(source.listing.name).toBe("model 1");
  await source.picture(new File([], "scan.tif"), WISHES);
  await source.greyed(new File([], "scan.tif"));
  expect(asked).toEqual(["model 1", "model 1"]);
});

test("a server without a model for photos says so", async () => {
  const [api] = serverWith("rgb");
  await expect(ServerSource.of(api)).rejects.toMatchObject({ code: "modelUnreachable" });
});
