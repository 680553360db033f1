/** A web server on this machine that misbehaves as its tests ask it to. */

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request; the last one of a list also answers all later ones. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer {
  url: string;
  requests: IncomingMessage[];
  close(): Promise<void>;
}

export async function serve(...answers: Answer[]): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    (answers[requests.length - 1] ?? answers.at(-1)!)(request, response);
  };
  const server = createServer(listener);
  server.on("connect", (_, socket) => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/file.bin`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A well-behaved server of `content`: ranges, `If-Range`, `ETag`. */
export const whole =
  (content: Buffer, etag = '"v1"'): Answer =>
  ({ headers }, response) => {
    const from = Number(headers.range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0);
    if (from === 0 || headers["if-range"] !== etag) {
      response.writeHead(200, { etag, "content-length": content.length }).end(content);
    } else if (from >= content.length) {
      response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
    } else {
      const range = `bytes ${from}-${content.length - 1}/${content.length}`;
      response.writeHead(206, { etag, "content-range": range }).end(content.subarray(from));
    }
  };

/** Announces all of `content`, sends `count` bytes and closes the connection. */
export const cutOff =
  (content: Buffer, count: number, etag = '"v1"'): Answer =>
  (_, response) => {
    response.writeHead(200, { etag, "content-length": content.length });
    // What has not been read when the connection ends is lost: give it time.
    response.write(content.subarray(0, count), () => setTimeout(() => response.socket?.end(), 200));
  };

/** Sends `count` bytes and then nothing, forever. */
export const stalled =
  (content: Buffer, count: number): Answer =>
  (_, response) => {
    response.writeHead(200, { etag: '"v1"', "content-length": content.length });
    response.write(content.subarray(0, count));
  };

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end("not the file");
  };
