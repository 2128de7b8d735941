// What scripts of the shell obtain with require().
import { deepStrictEqual, ok } from "node:assert";
import { createExamples } from "./example-graphs.mjs";

export function createModules(connection, db) {
  const call = (method, path, body) => connection.call(method, path, body);
  const name = encodeURIComponent;
  const graphs = createGraphs(call, db);
  const users = {
    save: (user, passwd, active, extra) => call("POST", "/_api/user", { user, passwd, active, extra }),
    replace: (user, passwd, active, extra) => call("PUT", `/_api/user/${name(user)}`, { passwd, active, extra }),
    update: (user, passwd, active, extra) => call("PATCH", `/_api/user/${name(user)}`, { passwd, active, extra }),
    remove: (user) => call("DELETE", `/_api/user/${name(user)}`),
    document: (user) => call("GET", `/_api/user/${name(user)}`),
    exists: (user) => connection.request("GET", `/_api/user/${name(user)}`).code === 200,
    all: () => call("GET", "/_api/user").result,
    grantDatabase: (user, database, grant = "rw") => call("PUT", `/_api/user/${name(user)}/database/${name(database)}`, { grant }),
    revokeDatabase: (user, database) => call("DELETE", `/_api/user/${name(user)}/database/${name(database)}`),
    grantCollection: (user, database, collection, grant = "rw") =>
      call("PUT", `/_api/user/${name(user)}/database/${name(database)}/${name(collection)}`, { grant }),
    revokeCollection: (user, database, collection) =>
      call("DELETE", `/_api/user/${name(user)}/database/${name(database)}/${name(collection)}`),
    reload() {},
  };
  const analyzers = {
    save: (analyzer, type, properties = {}, features = []) => call("POST", "/_api/analyzer", { name: analyzer, type, properties, features }),
    analyzer: (analyzer) => call("GET", `/_api/analyzer/${name(analyzer)}`),
    remove: (analyzer, force = false) => call("DELETE", `/_api/analyzer/${name(analyzer)}?force=${force}`),
    toArray: () => call("GET", "/_api/analyzer").result,
  };
  const functions = {
    register: (f, code, isDeterministic = false) => call("POST", "/_api/aqlfunction", { name: f, code: String(code), isDeterministic }),
    unregister: (f) => call("DELETE", `/_api/aqlfunction/${name(f)}`),
    unregisterGroup: (group) => call("DELETE", `/_api/aqlfunction/${name(group)}?group=true`).deletedCount,
    toArray: (space) => call("GET", `/_api/aqlfunction${space ? `?namespace=${name(space)}` : ""}`).result,
  };
  const internal = {
    db,
    sleep: wait,
    wait,
    time: () => Date.now() / 1000,
    print() {},
    wal: { flush: () => call("PUT", "/_admin/wal/flush", { waitForSync: true, waitForCollector: true }) },
    arango: db._connection,
    genRandomAlphaNumbers: (length) => Math.random().toString(36).slice(2, 2 + length),
  };
  const assertions = {
    assertEqual: (left, right) => deepStrictEqual(JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right))),
    assertTrue: (value) => ok(value === true),
    assertFalse: (value) => ok(value === false),
    assertNotEqual: (left, right) => ok(JSON.stringify(left) !== JSON.stringify(right)),
    assertTypeOf: (type, value) => ok(typeof value === type),
    assertInstanceOf: (type, value) => ok(value?.constructor?.name === type.name),
  };
  const modules = {
    "@arangodb": { db, print() {}, aql: { functions } },
    "@arangodb/users": users,
    "@arangodb/analyzers": analyzers,
    "@arangodb/aql/functions": functions,
    "@arangodb/general-graph": graphs,
    "@arangodb/smart-graph": graphs,
    "@arangodb/graph-examples/example-graph.js": createExamples(graphs, db),
    "@arangodb/graph-examples/example-graph": createExamples(graphs, db),
    "@arangodb/replication": {
      logger: { state: () => call("GET", "/_api/replication/logger-state") },
      applier: { stop() {}, start() {}, properties() {} },
    },
    internal,
    jsunity: { jsUnity: { assertions } },
    fs: { makeDirectory() {} },
  };
  return (module) => modules[module] ?? fail(module);
}

function fail(module) {
  throw new Error(`the module ${module} is not part of the shim`);
}

function wait(seconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

function createGraphs(call, db) {
  const name = encodeURIComponent;
  const wrap = (graph) => {
    const methods = {
      _addVertexCollection: (collection) => call("POST", `/_api/gharial/${name(graph)}/vertex`, { collection }),
      _deleteVertexCollection: (collection, drop = false) =>
        call("DELETE", `/_api/gharial/${name(graph)}/vertex/${name(collection)}?dropCollection=${drop}`),
      _removeVertexCollection: (collection, drop = false) => methods._deleteVertexCollection(collection, drop),
      _extendEdgeDefinitions: (definition) => call("POST", `/_api/gharial/${name(graph)}/edge`, definition),
      _editEdgeDefinitions: (definition) => call("PUT", `/_api/gharial/${name(graph)}/edge/${name(definition.collection)}`, definition),
      _deleteEdgeDefinition: (collection, drop = false) =>
        call("DELETE", `/_api/gharial/${name(graph)}/edge/${name(collection)}?dropCollections=${drop}`),
    };
    return new Proxy(methods, { get: (target, key) => target[key] ?? db[key] });
  };
  const list = (value) => (Array.isArray(value) ? value : [value]);
  return {
    _relation: (collection, from, to) => ({ collection, from: list(from), to: list(to) }),
    _edgeDefinitions: (...definitions) => definitions,
    _create(graph, edgeDefinitions = [], orphanCollections = [], options = {}) {
      call("POST", "/_api/gharial", { name: graph, edgeDefinitions, orphanCollections: list(orphanCollections ?? []), options });
      return wrap(graph);
    },
    _graph(graph) { call("GET", `/_api/gharial/${name(graph)}`); return wrap(graph); },
    _exists: (graph) => { try { call("GET", `/_api/gharial/${name(graph)}`); return true; } catch { return false; } },
    _drop: (graph, dropCollections = false) => call("DELETE", `/_api/gharial/${name(graph)}?dropCollections=${dropCollections}`),
    _list: () => call("GET", "/_api/gharial").graphs.map((graph) => graph._key),
  };
}
