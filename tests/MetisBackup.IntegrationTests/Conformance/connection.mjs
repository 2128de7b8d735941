// Requests without promises, as scripts of the database's shell expect them.
import { MessageChannel, Worker, receiveMessageOnPort } from "node:worker_threads";

export class Connection {
  #endpoint;
  #worker;
  #port;
  #flag;
  database = "_system";

  constructor(endpoint) {
    this.#endpoint = endpoint;
    const signal = new SharedArrayBuffer(4);
    const { port1, port2 } = new MessageChannel();
    this.#flag = new Int32Array(signal);
    this.#port = port1;
    this.#worker = new Worker(new URL("./http-worker.mjs", import.meta.url), { workerData: { port: port2, signal }, transferList: [port2] });
    this.#worker.unref();
  }

  // Sends one request and waits for its answer: { code, headers, body, parsedBody }.
  request(method, path, body, headers = {}) {
    const text = body === undefined || body === "" ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    Atomics.store(this.#flag, 0, 0);
    this.#port.postMessage({ endpoint: this.#endpoint, method, path: this.#qualify(path), body: text, headers });
    Atomics.wait(this.#flag, 0, 0, 120000);
    const received = receiveMessageOnPort(this.#port);
    if (!received || received.message.failure) {
      throw new Error(`${method} ${path}: ${received ? received.message.failure : "no answer"}`);
    }

    const response = received.message;
    try {
      response.parsedBody = response.body === "" ? undefined : JSON.parse(response.body);
    } catch {
      response.parsedBody = undefined;
    }

    return response;
  }

  // Sends one request that must succeed; returns the parsed body.
  call(method, path, body, headers) {
    const response = this.request(method, path, body, headers);
    if (response.code >= 400) {
      throw new ArangoError(response);
    }

    return response.parsedBody;
  }

  #qualify(path) {
    return path.startsWith("/_db/") || this.database === "_system" ? path : `/_db/${encodeURIComponent(this.database)}${path}`;
  }
}

export class ArangoError extends Error {
  constructor(response) {
    super(response.parsedBody?.errorMessage ?? `status ${response.code}`);
    this.errorNum = response.parsedBody?.errorNum;
    this.code = response.code;
  }
}
