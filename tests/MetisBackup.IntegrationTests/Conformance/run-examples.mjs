// Runs example scripts of the database's documentation against a server.
// Arguments: the endpoint. Input: one JSON object { "name", "script" } a line. Output: one { "name", "failure"?, "responses" } a line.
import { createInterface } from "node:readline";
import vm from "node:vm";
import { Connection } from "./connection.mjs";
import { createDatabase } from "./database.mjs";
import { createModules } from "./modules.mjs";

const connection = new Connection(process.argv[2]);

function run(script) {
  const responses = [];
  const log = (response) => { responses.push({ status: response.code, headers: response.headers, body: response.body }); };
  const request = (method, url, body, headers) => connection.request(method, url, body, headers);
  connection.database = "_system";
  const db = createDatabase(connection);
  const require = createModules(connection, db);
  const globals = {
    db,
    require,
    print() {},
    console,
    internal: require("internal"),
    arango: db._connection,
    assert(condition) {
      if (!condition) {
        throw new Error("an assertion of the example does not hold");
      }
    },
    curlRequest: request,
    logCurlRequest: request,
    logCurlRequestRaw: request,
    logJsonResponse: log,
    logRawResponse: log,
    logPlainResponse: log,
    logJsonLResponse: log,
    logHtmlResponse: log,
    logErrorResponse: log,
  };
  try {
    vm.runInNewContext(script, globals);
    return { responses };
  } catch (error) {
    return { responses, failure: `${error.message} ${String(error.stack).match(/evalmachine[^\n]*/)?.[0] ?? ""}` };
  }
}

// Leaves the server as it was, whatever an example left behind.
function cleanUp() {
  connection.database = "_system";
  connection.request("DELETE", "/_api/transaction/write");
  const quietly = (method, path) => connection.request(method, path);
  (connection.request("GET", "/_api/tasks").parsedBody ?? []).forEach((task) => quietly("DELETE", `/_api/tasks/${encodeURIComponent(task.id)}`));
  const list = (path, property) => connection.request("GET", path).parsedBody?.[property] ?? [];
  list("/_api/view", "result").forEach((view) => quietly("DELETE", `/_api/view/${view.name}`));
  list("/_api/gharial", "graphs").forEach((graph) => quietly("DELETE", `/_api/gharial/${graph.name}?dropCollections=true`));
  list("/_api/collection?excludeSystem=true", "result").forEach((collection) => quietly("DELETE", `/_api/collection/${collection.name}`));
  list("/_api/database", "result").filter((name) => name !== "_system").forEach((name) => quietly("DELETE", `/_api/database/${name}`));
  list("/_api/user", "result").filter((user) => user.user !== "root").forEach((user) => quietly("DELETE", `/_api/user/${encodeURIComponent(user.user)}`));
  list("/_api/aqlfunction", "result").forEach((f) => quietly("DELETE", `/_api/aqlfunction/${encodeURIComponent(f.name)}`));
  list("/_api/analyzer", "result").filter((analyzer) => analyzer.name.includes("::"))
    .forEach((analyzer) => quietly("DELETE", `/_api/analyzer/${encodeURIComponent(analyzer.name)}?force=true`));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, script } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ name, ...run(script) })}\n`);
  cleanUp();
}

process.exit(0);
