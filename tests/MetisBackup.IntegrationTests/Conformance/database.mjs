// The object `db` of the shell: collections, views, queries.
const collectionMethods = {
  name() { return this._name; },
  type() { return this._type; },
  save(document, options) { return this.insert(document, options); },
  insert(document, to, options) {
    const edge = typeof to === "string" ? { _from: document, _to: to, ...options } : document;
    return this._call("POST", `/_api/document/${this._name}${query(typeof to === "object" ? to : {})}`, edge);
  },
  document(id) { return this._call("GET", `/_api/document/${this._handle(id)}`); },
  exists(id) { try { return this.document(id); } catch { return false; } },
  update(id, patch, options = {}) { return this._call("PATCH", `/_api/document/${this._handle(id)}${query(options)}`, patch); },
  replace(id, document, options = {}) { return this._call("PUT", `/_api/document/${this._handle(id)}${query(options)}`, document); },
  remove(id, options = {}) { return this._call("DELETE", `/_api/document/${this._handle(id)}${query(options)}`); },
  ensureIndex(definition) { return this._call("POST", `/_api/index?collection=${this._name}`, definition); },
  getIndexes() { return this._call("GET", `/_api/index?collection=${this._name}`).indexes; },
  indexes() { return this.getIndexes(); },
  dropIndex(index) { return this._call("DELETE", `/_api/index/${index.id ?? index}`); },
  properties(changes) {
    const path = `/_api/collection/${this._name}/properties`;
    return changes ? this._call("PUT", path, changes) : this._call("GET", path);
  },
  truncate() { return this._call("PUT", `/_api/collection/${this._name}/truncate`); },
  count() { return this._call("GET", `/_api/collection/${this._name}/count`).count; },
  figures() { return this._call("GET", `/_api/collection/${this._name}/figures`).figures; },
  revision() { return this._call("GET", `/_api/collection/${this._name}/revision`).revision; },
  rename(name) { this._call("PUT", `/_api/collection/${this._name}/rename`, { name }); this._name = name; },
  drop(options = {}) { return this._call("DELETE", `/_api/collection/${this._name}${query(options)}`); },
  load() {},
  unload() {},
  toArray() { return this._db._query(`FOR d IN @@c RETURN d`, { "@c": this._name }).toArray(); },
  all() { return { toArray: () => this.toArray() }; },
  any() { return this.toArray()[0] ?? null; },
  edges(vertex) { return this._call("GET", `/_api/edges/${this._name}?vertex=${encodeURIComponent(vertex._id ?? vertex)}`).edges; },
};

const viewMethods = {
  name() { return this._name; },
  type() { return this._type; },
  properties(changes, partial = true) {
    const path = `/_api/view/${this._name}/properties`;
    return changes ? this._call(partial ? "PATCH" : "PUT", path, changes) : this._call("GET", path);
  },
  rename(name) { this._call("PUT", `/_api/view/${this._name}/rename`, { name }); this._name = name; },
  drop() { return this._call("DELETE", `/_api/view/${this._name}`); },
};

function query(options) {
  const given = Object.entries(options ?? {});
  return given.length === 0 ? "" : "?" + given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

export function createDatabase(connection) {
  const call = (method, path, body) => connection.call(method, path, body);
  const wrap = (info, methods) => Object.assign(Object.create(methods), {
    _name: info.name,
    _id: info.id,
    _type: info.type,
    _db: database,
    _call: call,
    _handle(id) {
      const text = id._id ?? id._key ?? id;
      return text.includes("/") ? text : `${this._name}/${text}`;
    },
  });
  const find = (path, methods) => {
    const response = connection.request("GET", path);
    return response.code === 200 ? wrap(response.parsedBody, methods) : null;
  };
  const create = (name, properties, type) =>
    wrap(call("POST", "/_api/collection", { ...properties, name, type }), collectionMethods);

  const database = {
    _connection: {
      GET: (path) => call("GET", path),
      DELETE: (path, body) => call("DELETE", path, body),
      POST: (path, body) => call("POST", path, body),
      PUT: (path, body) => call("PUT", path, body),
      PATCH: (path, body) => call("PATCH", path, body),
      GET_RAW: (path) => connection.request("GET", path),
    },
    _name: () => connection.database,
    _useDatabase(name) { connection.database = name; },
    _createDatabase(name, options, users) { return call("POST", "/_db/_system/_api/database", { name, options, users }).result; },
    _dropDatabase(name) { return call("DELETE", `/_db/_system/_api/database/${encodeURIComponent(name)}`).result; },
    _databases: () => call("GET", "/_db/_system/_api/database").result,
    _create: (name, properties) => create(name, properties, 2),
    _createDocumentCollection: (name, properties) => create(name, properties, 2),
    _createEdgeCollection: (name, properties) => create(name, properties, 3),
    _collection: (name) => find(`/_api/collection/${encodeURIComponent(name)}`, collectionMethods),
    _collections: () => call("GET", "/_api/collection").result.map((info) => wrap(info, collectionMethods)),
    _drop(name, options) { connection.request("DELETE", `/_api/collection/${encodeURIComponent(name)}${query(options)}`); },
    _truncate(name) { return call("PUT", `/_api/collection/${encodeURIComponent(name)}/truncate`); },
    _document: (id) => call("GET", `/_api/document/${id}`),
    _query(text, bindVars, options) {
      const body = typeof text === "object" ? text : { query: text, bindVars, options };
      const cursor = call("POST", "/_api/cursor", { batchSize: 100000, ...body });
      return { toArray: () => cursor.result, getExtra: () => cursor.extra };
    },
    _createView: (name, type, properties) => wrap(call("POST", "/_api/view", { ...properties, name, type }), viewMethods),
    _view: (name) => find(`/_api/view/${encodeURIComponent(name)}`, viewMethods),
    _views: () => call("GET", "/_api/view").result.map((info) => wrap(info, viewMethods)),
    _dropView(name) { connection.request("DELETE", `/_api/view/${encodeURIComponent(name)}`); },
    _createTransaction(body) {
      const { id } = call("POST", "/_api/transaction/begin", body).result;
      return {
        id: () => id,
        _id: id,
        status: () => call("GET", `/_api/transaction/${id}`).result,
        commit: () => call("PUT", `/_api/transaction/${id}`).result,
        abort: () => call("DELETE", `/_api/transaction/${id}`).result,
      };
    },
    _version: () => call("GET", "/_api/version").version,
    _engine: () => call("GET", "/_api/engine"),
    _flushCache() {},
  };
  const facade = new Proxy(database, {
    get: (target, name) => name in target || typeof name !== "string" ? target[name] : target._collection(name) ?? undefined,
    set: (target, name, value) => {
      if (value !== undefined) {
        target[name] = value;
      }

      return true;
    },
  });
  return facade;
}
