// Makes HTTP requests for a thread that waits: one request message in, one answer message out, then a wake-up.
import http from "node:http";
import { workerData } from "node:worker_threads";

const { port, signal } = workerData;
const flag = new Int32Array(signal);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function answer(message) {
  port.postMessage(message);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

port.on("message", ({ endpoint, method, path, body, headers }) => {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const target = new URL(endpoint);
  const options = {
    agent,
    host: target.hostname,
    port: target.port,
    method,
    path,
    headers: { accept: "application/json", ...headers, ...(bytes ? { "content-length": bytes.length } : {}) },
  };
  const request = http.request(options, (response) => {
    const parts = [];
    response.on("data", (part) => parts.push(part));
    response.on("end", () =>
      answer({ code: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString("utf8") }));
    response.on("error", (error) => answer({ failure: String(error) }));
  });
  request.on("error", (error) => answer({ failure: String(error) }));
  request.end(bytes);
});
