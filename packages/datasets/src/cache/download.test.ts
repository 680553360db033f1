/** Downloads from servers that stall, lie, break off and change their mind. */

import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  CONTENT,
  destination,
  eachInItsOwnFolder,
  expectWhole,
  folder,
  from,
  left,
  md5,
  run,
  sent,
  server,
  sha256,
} from "../../test/downloading.ts";
import {
  type Answer,
  cutOff,
  serve,
  stalled,
  status,
  type TestServer,
  whole,
} from "../../test/web-server.ts";
import { type DownloadOptions, download } from "./download.ts";

eachInItsOwnFolder();

describe("a good server", () => {
  it("gives the file, and nothing else stays in the folder", async () => {
    const seen = await run(await from(whole(CONTENT)));
    await expectWhole();
    expect(await left()).toEqual(["file.bin"]);
    expect(seen.at(-1)).toEqual({
      label: "file",
      unit: "bytes",
      done: CONTENT.length,
      total: CONTENT.length,
    });
  });

  it("is not asked for a file that is there", async () => {
    const url = await from(whole(CONTENT));
    await run(url);
    await run(url);
    expect(server.requests.length).toBe(1);
  });

  it("replaces a damaged file", async () => {
    await mkdir(join(folder, "data"));
    await writeFile(destination, CONTENT.subarray(0, 1000));
    await run(await from(whole(CONTENT)));
    await expectWhole();
  });

  it("may be checked by md5, without a size, and send no length", async () => {
    const url = await from((_, response) => void response.end(CONTENT));
    await run(url, { pin: { md5: md5(CONTENT) } });
    await expectWhole();
  });

  it("may redirect, also to a relative address", async () => {
    await run(await from(status(302, { location: "/elsewhere" }), whole(CONTENT)));
    expect(server.requests[1]?.url).toBe("/elsewhere");
    await expectWhole();
  });
});

describe("a connection that breaks", () => {
  it("is resumed where it broke, if the file is still the same", async () => {
    await run(await from(cutOff(CONTENT, 100_000), whole(CONTENT)));
    await expectWhole();
    expect(sent("range")[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(sent("if-range")[1]).toBe('"v1"');
  });

  it("is given up when it is silent, and resumed", async () => {
    await run(await from(stalled(CONTENT, 50_000), whole(CONTENT)));
    await expectWhole();
    expect(sent("range")[1]).toMatch(/^bytes=[1-9]/);
  });

  it("is given up when no answer begins", async () => {
    await run(await from(() => {}, whole(CONTENT)));
    await expectWhole();
  });

  it("starts again where the server knows no ranges", async () => {
    const noRanges: Answer = (_, response) => {
      response.writeHead(200, { "content-length": CONTENT.length }).end(CONTENT);
    };
    await run(await from(cutOff(CONTENT, 100_000), noRanges));
    await expectWhole();
  });

  it("starts again when the file has changed in between", async () => {
    const old = randomBytes(CONTENT.length);
    await run(await from(cutOff(old, 100_000, '"old"'), whole(CONTENT, '"new"')));
    await expectWhole();
  });

  it("starts again when the server mixes versions", async () => {
    const old = randomBytes(CONTENT.length);
    const careless: Answer = (request, response) =>
      whole(CONTENT, request.headers["if-range"] as string)(request, response);
    await run(await from(cutOff(old, 100_000, '"old"'), careless));
    await expectWhole();
    expect(sent("range").map(Boolean)).toEqual([false, true, false]);
  });

  it("starts again after 416, and after a range that was not asked for", async () => {
    const otherRange: Answer = (_, response) => {
      response.writeHead(206, { "content-range": `bytes 5-9/${CONTENT.length}` }).end("12345");
    };
    const cut = cutOff(CONTENT, 1000);
    await run(await from(cut, status(416), cut, otherRange, whole(CONTENT)));
    await expectWhole();
    expect(sent("range").map(Boolean)).toEqual([false, true, false, true, false]);
  });

  it("is not resumed without a strong validator", async () => {
    await run(await from(cutOff(CONTENT, 1000, 'W/"weak"'), whole(CONTENT)));
    expect(sent("range")).toEqual([undefined, undefined]);
  });

  it("ends in an error that says what to do when it never gets better; what arrived is kept for the next run", async () => {
    const url = await from(cutOff(CONTENT, 100_000));
    await expect(run(url)).rejects.toMatchObject({
      code: "DATASETS_DOWNLOAD",
      exitCode: 4,
      message: expect.stringMatching(/6 times.*same command again/),
    });
    expect(await left()).toEqual([expect.stringMatching(/^file\.bin\.part-/)]);
    await server.close();

    const again = await from(whole(CONTENT));
    // The same address as before, were it not for the port.
    const [part] = await left();
    await writeFile(
      join(folder, "data", part!, "source.json"),
      JSON.stringify({ url: again, validator: '"v1"' }),
    );
    const seen = await run(again);
    expect(seen[0]!.done).toBeGreaterThan(100_000);
    await expectWhole();
    expect(await left()).toEqual(["file.bin"]);
  });

  it("is retried after 503, no sooner than Retry-After says", async () => {
    const start = performance.now();
    await run(await from(status(503, { "retry-after": "1" }), status(429), whole(CONTENT)));
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
    await expectWhole();
  });
});

describe("a wrong answer", () => {
  const refused = async (
    answer: Answer,
    options: Partial<DownloadOptions>,
    message: RegExp,
    requests: number,
  ) => {
    const url = await from(answer);
    await expect(run(url, options)).rejects.toMatchObject({
      code: "DATASETS_DOWNLOAD",
      message: expect.stringMatching(message),
    });
    expect(server.requests.length).toBe(requests);
    expect(await left()).not.toContain("file.bin");
  };
  const unsized = { pin: { sha256: sha256(CONTENT) } };

  it("404 is final", () => refused(status(404), {}, /found HTTP status 404.*mirror/, 1));
  it("an endless redirect is final", () => {
    return refused(status(302, { location: "/again" }), {}, /at most 10 redirects/, 11);
  });
  it("a redirect without a target is final", () => refused(status(302), {}, /found one without target/, 1));
  it("a redirect to another protocol is final", () => {
    return refused(status(302, { location: "file:///etc/passwd" }), {}, /an http or https address/, 1);
  });
  it("a file of another size is not downloaded", () => {
    return refused(whole(Buffer.from("a login page")), {}, /a file of 300000 bytes, found 12 bytes/, 1);
  });
  it("more bytes than the file has are not written", () => {
    const endless: Answer = (_, response) => {
      response.writeHead(200).write(CONTENT);
      response.end(CONTENT);
    };
    return refused(endless, {}, /a file of 300000 bytes/, 1);
  });
  it("a file with another checksum is tried once more, then refused", () => {
    return refused(whole(randomBytes(CONTENT.length)), {}, /the file with sha256/, 2);
  });
  it("so is one cut off by a server that lies about its length", () => {
    return refused(whole(CONTENT.subarray(0, 500)), unsized, /the file with sha256/, 2);
  });
  it("damage that happens once is mended", async () => {
    await run(await from(whole(randomBytes(CONTENT.length)), whole(CONTENT)));
    await expectWhole();
  });
});

describe("an address that cannot be", () => {
  it("leads to no host", async () => {
    const url = "http://no-such-host.invalid/file";
    await expect(run(url)).rejects.toMatchObject({ code: "DATASETS_DOWNLOAD" });
  });
  it("has a port that nobody listens on", async () => {
    const url = await from(whole(CONTENT));
    await server.close();
    await expect(run(url)).rejects.toThrow(/ECONNREFUSED.*6 times/);
  });
  it.each(["ftp://example.org/file", "nonsense"])("%s", async (url) => {
    await expect(run(url)).rejects.toThrow(/an http or https address/);
  });
});

describe("an interruption", () => {
  it("ends the download at once and keeps what arrived", async () => {
    const controller = new AbortController();
    const url = await from(stalled(CONTENT, 100_000));
    const work = download({
      url,
      pin: { md5: md5(CONTENT) },
      destination,
      label: "file",
      signal: controller.signal,
    });
    await work.next();
    controller.abort();
    await expect(
      work
        .next()
        .then(() => work.next())
        .then(() => work.next()),
    ).rejects.toMatchObject({ name: "AbortError" });
    expect(await left()).toEqual([expect.stringMatching(/^file\.bin\.part-/)]);
  });

  it("by a consumer that stops listening leaves no file either", async () => {
    const url = await from(whole(CONTENT));
    const pin = { md5: md5(CONTENT) };
    for await (const _ of download({ url, pin, destination, label: "file" })) break;
    expect(await left()).not.toContain("file.bin");
  });
});

describe("a proxy", () => {
  let proxy: TestServer;
  beforeEach(async () => {
    proxy = await serve(whole(CONTENT));
    vi.stubEnv("http_proxy", new URL(proxy.url).origin);
    vi.stubEnv("no_proxy", "");
  });
  afterEach(() => proxy.close());

  it("of HTTP_PROXY is used, and what it says is final", async () => {
    await expect(run(await from(whole(CONTENT)))).rejects.toThrow(/through the proxy.*407.*NO_PROXY/);
    expect(server.requests.length).toBe(0);
  });

  it("is passed by for NO_PROXY", async () => {
    vi.stubEnv("no_proxy", "127.0.0.1");
    await run(await from(whole(CONTENT)));
    await expectWhole();
  });

  it("must have an address", async () => {
    vi.stubEnv("http_proxy", "no address");
    await expect(run(await from(whole(CONTENT)))).rejects.toMatchObject({
      code: "DATASETS_INVALID_OPTION",
      message: expect.stringMatching(/HTTP_PROXY: expected the address of a proxy/),
    });
  });
});
