/** Redirects between https and http, without a network. */

import { MockAgent } from "undici";
import { expect, it } from "vitest";
import { get } from "./request.ts";

function redirecting(from: string, to: string): Promise<unknown> {
  const dispatcher = new MockAgent();
  dispatcher.disableNetConnect();
  dispatcher
    .get(from)
    .intercept({ path: "/file" })
    .reply(302, "", { headers: { location: `${to}/file` } });
  dispatcher.get(to).intercept({ path: "/file" }).reply(200, "content");
  return get(`${from}/file`, {}, { dispatcher, stallTimeoutMs: 1000, signal: undefined });
}

it("a redirect from http to https is followed", async () => {
  await expect(redirecting("http://plain.test", "https://safe.test")).resolves.toMatchObject({
    statusCode: 200,
  });
});

it("a redirect from https to http is refused", async () => {
  await expect(redirecting("https://safe.test", "http://plain.test")).rejects.toMatchObject({
    code: "DATASETS_DOWNLOAD",
    message: expect.stringMatching(/redirects that stay on https, found http:\/\/plain\.test\/file/),
  });
});
