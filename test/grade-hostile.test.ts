/** `pnpm grade` of submissions that misbehave, each in its own way: one grading, and nothing of it left. */

import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, type Ended } from "./command.ts";
import { bwrap, image, made, processesWith } from "./grading.ts";

const LABELS = "image_name,label\na.png,3\nb.png,5\nc.png,7\nd.png,9\n";
const MARK = `mark-${process.pid}-`;

/** What each writes: two images, or labels of a.png ... d.png; `outside` is a folder that it was not given. */
const scripts = {
  images: {
    sleeps: "sleep 600",
    stubborn: 'trap "" TERM INT HUP; while :; do sleep 600; done',
    forks: "for i in $(seq 150); do sleep 600 & done; wait",
    hog: 'a=x; while :; do a="$a$a"; done',
    filler: 'head -c 104857600 /dev/zero > "$1/large.bin"',
    litter: 'for i in $(seq 300); do : > "$1/$i.png"; done; sleep 0.2',
    flood: "head -c 100000000 /dev/zero | tr '\\0' x; cp one.png two.png \"$1\"",
    pipe: 'cp one.png two.png "$1"; sleep 600 & echo done',
    few: 'cp one.png "$1"',
    jpeg: 'cp one.png "$1"; cp jpeg.png "$1/two.png"',
    link: 'cp one.png "$1"; ln -s / "$1/two.png"',
    outside: 'cp one.png two.png "$1"; echo planted > "$OUTSIDE/planted.txt"',
    many: 'for i in $(seq 9); do cp one.png "$1/$i.png"; done',
    bomb: 'cp one.png bomb.png "$1"',
    animated: 'cp one.png animated.png "$1"',
    odd: 'cp deep.png palette.png "$1"',
    net: '(exec 3<> "/dev/tcp/127.0.0.1/$PORT") && echo connected; cp one.png two.png "$1"',
    daemon: 'cp one.png two.png "$1"; (setsid sleep 600 </dev/null >/dev/null 2>&1 &); sleep 0.3',
  },
  labels: {
    nan: 'printf "image_name,label\\na.png,3\\nb.png,5\\nc.png,NaN\\nd.png,9\\n" > "$2"',
    twice: 'printf "image_name,label\\na.png,3\\na.png,4\\nb.png,5\\nc.png,7\\nd.png,9\\n" > "$2"',
    spy: 'cat "$1.csv" "$OUTSIDE"/*; printf "image_name,label\\na.png,3\\n" > "$2"',
    // The last: without a namespace, it gets its way.
    deletes: 'rm -rf "$1" "$1.csv"; exit 0',
  },
};

const limitsOf: Record<string, string> = {
  sleeps: "wall: 1 s",
  stubborn: "wall: 1 s",
  hog: "memory: 100 MiB",
};

const imageProblem = (id: string) => `
  - { id: ${id}, command: "bash ${id}.sh {out}", limits: { ${limitsOf[id] ?? "wall: 60 s"} },
      output: { kind: images, count: 2, size: 28x28 }, metrics: [{ kind: throughput }],
      rubric: [{ label: works, points: 1, earned: images_per_second > 0 }] }`;

const labelProblem = (id: string) => `
  - { id: ${id}, command: "bash ${id}.sh {images} {csv}", images: ./images, labels: ./images.csv, output: { kind: csv },
      metrics: [{ kind: label-accuracy }], rubric: [{ label: right, points: 1, earned: accuracy }] }`;

const ASSIGNMENT = `
id: hostile
limits: { wall: 60 s, memory: 1 GiB, output: 10 MiB, files: 100, processes: 64 }
problems: ${Object.keys(scripts.images).map(imageProblem).join("")}${Object.keys(scripts.labels).map(labelProblem).join("")}
`;

const parent = mkdtempSync(join(tmpdir(), "touchstone-hostile-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Where nobody should call. */
let calls = 0;
const server = createServer((socket) => {
  calls++;
  socket.destroy();
});
afterAll(() => server.close());

let ended: Ended;
let place: ReturnType<typeof made>;
// biome-ignore lint/suspicious/noExplicitAny: JSON of a grading.
let results: Record<string, any>;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const picture = () => sharp(image("1_1.png"));
  const pictures = {
    jpeg: await picture().jpeg().toBuffer(),
    deep: await picture().toColourspace("rgb16").png().toBuffer(),
    palette: await picture().png({ palette: true }).toBuffer(),
    bomb: await sharp({ create: { width: 8_000, height: 8_000, channels: 3, background: "white" } })
      .png()
      .toBuffer(),
    animated: withChunk(image("1_1.png"), "acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])),
  };
  const files = Object.entries({ ...scripts.images, ...scripts.labels }).map(([id, script]) => {
    return [`student/${id}.sh`, script];
  });
  place = made(
    {
      "hostile.yaml": ASSIGNMENT,
      "images.csv": LABELS,
      ...Object.fromEntries(["a", "b", "c", "d"].map((name) => [`images/${name}.png`, image("2_1.png")])),
      "outside/secret.txt": "a secret",
      ...{
        "student/one.png": image("0_1.png"),
        "student/two.png": image("1_1.png"),
      },
      ...Object.fromEntries(Object.entries(pictures).map(([name, bytes]) => [`student/${name}.png`, bytes])),
      ...Object.fromEntries(files),
    },
    parent,
  );
  const at = (name: string) => join(place.folder, name);
  ended = await command("grade", [
    ...["all", "--assignment", at("hostile.yaml"), "--submission", at("student"), "--results", place.results],
    ...["--env", `MARK=${MARK}`, "--env", `OUTSIDE=${at("outside")}`, "--env", `PORT=${port}`, "--json"],
  ]);
  results = Object.fromEntries(
    JSON.parse(ended.stdout || "{}").results?.map((result: { problem: string }) => [
      result.problem,
      result,
    ]) ?? [],
  );
}, 180_000);

/** A PNG with one more chunk after its header. */
function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const chunk = Buffer.alloc(4 + body.length + 4);
  chunk.writeUInt32BE(data.length);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

const codes = (id: string) => results[id].findings.map(({ code }: { code: string }) => code);

describe("submissions that misbehave", () => {
  it("the command exits with 3, and has graded all of them", () => {
    expect(ended.code).toBe(3);
    expect(Object.keys(results)).toEqual([...Object.keys(scripts.images), ...Object.keys(scripts.labels)]);
    expect(Object.values(results).filter(({ status }) => status === "not-gradable")).toEqual([]);
  });

  it.each([
    ["sleeps", "wall-time"],
    ["stubborn", "wall-time"],
    ["forks", "processes"],
    ["hog", "memory"],
    ["filler", "output-bytes"],
    ["litter", "output-files"],
  ])("%s: over a limit, failed, whatever it wrote", (id, verdict) => {
    expect(results[id]).toMatchObject({ status: "failed", run: { verdict }, points: [{ earned: 0 }] });
  });

  it("what is said without end is cut, and nobody waits for who holds the pipe", () => {
    expect(results.flood).toMatchObject({ status: "graded", run: { stdoutBytes: 100_000_000 } });
    expect(results.flood.run.stdout.length).toBeLessThanOrEqual(2 ** 20);
    expect(results.pipe).toMatchObject({ status: "graded", run: { stdout: "done\n" } });
    expect(results.pipe.run.wallSeconds).toBeLessThan(30);
  });

  it.each([
    ["few", "count", "expected 2 images, found 1"],
    ["many", "count", "expected 2 images, found 9"],
    ["bomb", "size", "found 8000x8000"],
    ["animated", "animated", "found an animation"],
    ["jpeg", "format", "expected PNG, found JPEG"],
    ["link", "link", "links, which are not followed"],
  ])("%s: it ended well, and its output is wrong", (id, code, reason) => {
    expect(results[id]).toMatchObject({ status: "failed", run: { verdict: "ok", exitCode: 0 }, metrics: [] });
    expect(codes(id)).toContain(code);
    expect(results[id].reasons.join()).toContain(reason);
    expect(results[id].points).toMatchObject([{ earned: 0 }]);
  });

  it("images that are stored in an odd way are read, and that is said", () => {
    expect(results.odd.status).toBe("graded");
    expect(codes("odd")).toContain("pixels");
  });

  it("a row without a number costs that row; of rows that are repeated the first counts", () => {
    expect(results.nan).toMatchObject({ status: "graded", metrics: [{ value: 0.75, n: 4 }] });
    expect(codes("nan")).toContain("bad-label");
    expect(results.twice).toMatchObject({ status: "graded", metrics: [{ value: 1, n: 4 }] });
    expect(codes("twice")).toContain("duplicate-row");
  });

  it("a daemon is found and killed, and nothing else of them is alive", () => {
    expect(results.daemon.status).toBe("graded");
    expect(results.daemon.run.leftovers).toBeGreaterThan(0);
    expect(processesWith(MARK)).toEqual([]);
    expect(readdirSync(join(place.results, "work"))).toEqual([]);
  });

  it.skipIf(bwrap.isAbsent)(
    `labels and other folders are invisible, and not to be written to${bwrap.note}`,
    () => {
      expect(results.spy).toMatchObject({
        status: "graded",
        run: { stdout: "" },
        metrics: [{ value: 0.25 }],
      });
      expect(results.outside).toMatchObject({ status: "failed", run: { verdict: "crashed" } });
      expect(existsSync(join(place.folder, "outside/planted.txt"))).toBe(false);
      expect(results.deletes.status).toBe("failed");
      expect(readFileSync(join(place.folder, "images.csv"), "utf8")).toBe(LABELS);
      expect(readdirSync(join(place.folder, "images"))).toHaveLength(4);
      expect([calls, results.net.run.stdout]).toEqual([0, ""]);
    },
  );
});
