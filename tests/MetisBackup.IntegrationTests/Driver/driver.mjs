// Uses the official driver as an independent client of the embedded server: node driver.mjs URL
// Prints one line per scenario; the exit code is the number of scenarios that failed.
import assert from "node:assert/strict";
import { Database, aql } from "arangojs";

const url = process.argv[2];
const system = new Database({ url });
const name = `driver_${process.pid}`;
let db;
let failed = 0;

async function scenario(title, run) {
  try {
    await run();
    console.log(`ok ${title}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${title}: ${error.stack}`);
  }
}

async function errorOf(promise) {
  return promise.then(
    () => assert.fail("an error was expected"),
    (error) => error,
  );
}

async function withCollection(run, options = {}) {
  const collection = await db.createCollection(`c${Math.random().toString(36).slice(2)}`, options);
  try {
    await run(collection);
  } finally {
    await collection.drop();
  }
}

await scenario("the server says what it is", async () => {
  const version = await system.version();
  assert.equal(version.server, "arango");
  assert.match(version.version, /^3\.12/);
  assert.equal(typeof (await system.time()), "number");
});

await scenario("databases are made, found, listed", async () => {
  db = await system.createDatabase(name, { users: [{ username: "root" }] });
  assert.equal(await db.exists(), true);
  assert.equal(await system.database("driver_none").exists(), false);
  assert.equal((await db.get()).name, name);
  assert.equal((await db.get()).isSystem, false);
  assert.ok((await system.listDatabases()).includes(name));
  assert.ok((await system.listUserDatabases()).includes(name));
  assert.equal((await errorOf(system.createDatabase(name))).errorNum, 1207);
  assert.equal((await errorOf(system.database("driver_none").get())).errorNum, 1228);
});

await scenario("collections show identity, properties and figures", async () => {
  const collection = await db.createCollection("books", { waitForSync: true });
  const info = await collection.get();
  assert.deepEqual([info.name, info.isSystem, info.status, info.type], ["books", false, 3, 2]);
  assert.equal((await collection.properties()).waitForSync, true);
  assert.equal((await collection.properties({ waitForSync: false })).waitForSync, false);
  assert.equal((await collection.count()).count, 0);
  assert.equal(typeof (await collection.revision()).revision, "string");
  assert.equal((await collection.figures()).count, 0);
  const checksum = await collection.checksum();
  await collection.save({ _key: "a" });
  assert.notEqual((await collection.checksum()).checksum, checksum.checksum);
  await collection.truncate();
  assert.equal((await collection.checksum()).checksum, checksum.checksum);
  assert.equal(await collection.recalculateCount(), true);
  assert.equal(await collection.loadIndexes(), true);
  await collection.rename("tomes");
  assert.equal(await db.collection("books").exists(), false);
  assert.equal(await db.collection("tomes").exists(), true);
  await db.collection("tomes").drop();
  assert.equal((await errorOf(db.collection("tomes").get())).errorNum, 1203);
});

await scenario("collections are listed, system ones on demand", async () => {
  const edges = await db.createEdgeCollection("loans");
  const hidden = await db.createCollection("_hidden", { isSystem: true });
  assert.equal((await edges.get()).type, 3);
  const names = (await db.listCollections()).map((c) => c.name);
  assert.deepEqual(names, ["loans"]);
  const all = (await db.listCollections(false)).map((c) => c.name);
  assert.ok(all.includes("_hidden") && all.includes("_graphs") && all.includes("loans"));
  assert.equal((await errorOf(hidden.drop())).errorNum, 11);
  await hidden.drop({ isSystem: true });
  await edges.drop();
  assert.equal((await errorOf(db.createCollection("9 lives/"))).errorNum, 1208);
});

await scenario("documents are saved, read, replaced, updated, removed", async () => {
  await withCollection(async (collection) => {
    const meta = await collection.save({ title: "Faust", empty: false }, { returnNew: true });
    assert.equal(meta.new.title, "Faust");
    assert.deepEqual(Object.keys(await collection.document(meta._id)).sort(), ["_id", "_key", "_rev", "empty", "title"]);
    assert.equal(await collection.document("none", true), null);
    assert.equal(await collection.documentExists("none"), false);
    assert.equal(await collection.documentExists(meta._key), true);
    const updated = await collection.update(meta, { year: 1808, empty: null }, { keepNull: false, returnOld: true });
    assert.equal(updated._oldRev, meta._rev);
    assert.equal(updated.old.empty, false);
    const document = await collection.document(meta._key);
    assert.deepEqual([document.title, document.year, "empty" in document], ["Faust", 1808, false]);
    await collection.replace(meta._key, { author: "Goethe" });
    assert.equal("title" in (await collection.document(meta._key)), false);
    const conflict = await errorOf(collection.replace(meta._key, {}, { ifMatch: meta._rev }));
    assert.deepEqual([conflict.code, conflict.errorNum], [412, 1200]);
    assert.equal((await errorOf(collection.document(meta._key, { ifMatch: meta._rev }))).code, 412);
    await collection.remove(meta._key);
    assert.equal((await errorOf(collection.remove(meta._key))).errorNum, 1202);
  });
});

await scenario("a taken key is a conflict, ignored, replaced or updated", async () => {
  await withCollection(async (collection) => {
    const first = await collection.save({ _key: "k", a: 1, deep: { x: 1 } });
    assert.equal((await errorOf(collection.save({ _key: "k" }))).errorNum, 1210);
    assert.equal((await collection.save({ _key: "k", b: 1 }, { overwriteMode: "ignore" }))._rev, first._rev);
    const merged = await collection.save({ _key: "k", deep: { y: 2 } }, { overwriteMode: "update", returnNew: true });
    assert.deepEqual(merged.new.deep, { x: 1, y: 2 });
    const replaced = await collection.save({ _key: "k", c: 3 }, { overwriteMode: "replace", returnNew: true, returnOld: true });
    assert.deepEqual([replaced.new.c, "a" in replaced.new, replaced.old.a], [3, false, 1]);
    assert.equal((await errorOf(collection.save({ _key: "not a key" }))).errorNum, 1221);
  });
});

await scenario("batches report each item by itself", async () => {
  await withCollection(async (collection) => {
    const saved = await collection.saveAll([{ _key: "a" }, { _key: "b" }, { _key: "a" }]);
    assert.deepEqual(saved.map((item) => item.errorNum ?? item._key), ["a", "b", 1210]);
    const found = await collection.documents(["a", { _key: "b" }, "c"]);
    assert.deepEqual(found.map((item) => item.errorNum ?? item._key), ["a", "b", 1202]);
    const updated = await collection.updateAll([{ _key: "a", v: 1 }, { _key: "c", v: 1 }], { returnNew: true });
    assert.deepEqual([updated[0].new.v, updated[1].errorNum], [1, 1202]);
    assert.equal((await collection.replaceAll([{ _key: "a", w: 2 }]))[0]._key, "a");
    const removed = await collection.removeAll(["a", "c", { _key: "b" }]);
    assert.deepEqual(removed.map((item) => item.errorNum ?? item._key), ["a", 1202, "b"]);
  });
});

await scenario("key generators make keys of their kind", async () => {
  await withCollection(async (collection) => {
    const keys = [await collection.save({}), await collection.save({})].map((meta) => Number(meta._key));
    assert.equal(keys[1] - keys[0], 5);
    assert.equal((await collection.properties()).keyOptions.lastValue, keys[1]);
  }, { keyOptions: { type: "autoincrement", increment: 5, offset: 10 } });
  await withCollection(async (collection) => {
    assert.match((await collection.save({}))._key, /^[0-9a-f-]{36}$/);
  }, { keyOptions: { type: "uuid" } });
  await withCollection(async (collection) => {
    assert.match((await collection.save({}))._key, /^[0-9a-f]{16}$/);
  }, { keyOptions: { type: "padded" } });
});

await scenario("a schema refuses what breaks it", async () => {
  const schema = {
    rule: { properties: { nums: { type: "array", items: { type: "number", maximum: 6 } } }, additionalProperties: { type: "string" } },
    level: "moderate",
    message: "The document does not contain an array of numbers in attribute 'nums'.",
  };
  await withCollection(async (collection) => {
    await collection.save({ nums: [1, 2], name: "n" });
    const error = await errorOf(collection.save({ nums: ["one"] }));
    assert.deepEqual([error.errorNum, error.message], [1620, schema.message]);
    assert.deepEqual((await collection.properties()).schema, { ...schema, type: "json" });
  }, { schema });
});

await scenario("edges are found from both ends", async () => {
  const knows = await db.createEdgeCollection("knows");
  await knows.saveAll([
    { _from: "person/Alice", _to: "person/Bob" },
    { _from: "person/Bob", _to: "person/Charlie" },
    { _from: "person/Eve", _to: "person/Bob" },
  ]);
  const any = await db.request({ pathname: "/_api/edges/knows", search: { vertex: "person/Bob" } }, (res) => res.parsedBody);
  assert.equal(any.edges.length, 3);
  assert.equal((await knows.inEdges("person/Bob")).edges.length, 2);
  assert.equal((await knows.outEdges("person/Bob")).edges.length, 1);
  assert.equal((await errorOf(knows.save({ _from: "person/Bob" }))).errorNum, 1233);
  await knows.drop();
});

await scenario("indexes of every kind are kept, unique ones enforced", async () => {
  await withCollection(async (collection) => {
    const definitions = [
      { type: "persistent", fields: ["a", "b"], sparse: true, storedValues: ["c"] },
      { type: "geo", fields: ["location"], geoJson: true },
      { type: "geo", fields: ["lat", "lon"] },
      { type: "fulltext", fields: ["text"], minLength: 3 },
      { type: "ttl", fields: ["created"], expireAfter: 3600 },
      { type: "mdi", fields: ["x", "y"], fieldValueTypes: "double" },
      { type: "mdi-prefixed", fields: ["x", "y"], prefixFields: ["z"], fieldValueTypes: "double" },
      { type: "inverted", fields: ["text", { name: "t2", analyzer: "text_en" }], name: "search" },
    ];
    for (const definition of definitions) {
      const made = await collection.ensureIndex(definition);
      assert.deepEqual([made.type, made.isNewlyCreated], [definition.type, true]);
      const again = await collection.ensureIndex(definition);
      assert.deepEqual([again.id, again.isNewlyCreated], [made.id, false]);
      assert.equal((await collection.index(made.id)).type, definition.type);
    }
    assert.equal((await collection.indexes()).length, definitions.length + 1);
    const unique = await collection.ensureIndex({ type: "persistent", fields: ["mail"], unique: true });
    await collection.save({ mail: "a@example.org" });
    assert.equal((await errorOf(collection.save({ mail: "a@example.org" }))).errorNum, 1210);
    await collection.dropIndex(unique.id);
    await collection.save({ mail: "a@example.org" });
    assert.equal((await errorOf(collection.ensureIndex({ type: "persistent", fields: ["mail"], unique: true }))).errorNum, 1210);
    assert.equal((await errorOf(collection.index("nope"))).errorNum, 1212);
  });
});

await scenario("imports take every form", async () => {
  await withCollection(async (collection) => {
    const expected = { error: false, created: 2, errors: 0, empty: 0, updated: 0, ignored: 0 };
    assert.deepEqual(await collection.import([["_key", "v"], ["t1", 1], ["t2", 2]]), expected);
    assert.deepEqual(await collection.import([{ _key: "d1" }, { _key: "d2" }]), expected);
    assert.deepEqual(await collection.import('["_key"]\r\n["l1"]\r\n["l2"]\r\n'), expected);
    assert.deepEqual(await collection.import('{"_key":"j1"}\r\n{"_key":"j2"}\r\n', { type: "documents" }), expected);
    assert.deepEqual(await collection.import(Buffer.from('[{"_key":"b1"},{"_key":"b2"}]'), { type: "auto" }), expected);
    const again = await collection.import([{ _key: "b1", v: 1 }, { _key: "b3" }], { onDuplicate: "replace" });
    assert.deepEqual([again.created, again.updated], [1, 1]);
    const ignored = await collection.import([{ _key: "b1" }, { _key: "b2" }], { onDuplicate: "ignore" });
    assert.equal(ignored.ignored, 2);
    const errors = await collection.import([{ _key: "b1" }, { _key: "b4" }], { details: true });
    assert.deepEqual([errors.created, errors.errors, errors.details.length], [1, 1, 1]);
    assert.equal((await errorOf(collection.import([{ _key: "b5" }, { _key: "b1" }], { complete: true }))).errorNum, 1210);
    assert.equal(await collection.documentExists("b5"), false);
    assert.equal((await collection.import([{ _key: "only" }], { overwrite: true })).created, 1);
    assert.equal((await collection.count()).count, 1);
  });
});

await scenario("cursors deliver in batches", async () => {
  await withCollection(async (collection) => {
    await collection.import(Array.from({ length: 25 }, (_, n) => ({ _key: `k${String(n).padStart(2, "0")}`, n })));
    const cursor = await db.query(aql`FOR d IN ${collection} FILTER d.n >= ${5} SORT d.n RETURN d.n`, { batchSize: 7, count: true });
    assert.equal(cursor.count, 20);
    assert.deepEqual(await cursor.all(), Array.from({ length: 20 }, (_, n) => n + 5));
    const first = await db.query("FOR i IN 1..10 RETURN i", {}, { batchSize: 2 });
    assert.equal(await first.next(), 1);
    await first.kill();
    assert.equal((await errorOf(db.query("FOR x IN nowhere RETURN x"))).errorNum, 1203);
    assert.equal((await errorOf(db.query("RETRUN 1"))).errorNum, 1501);
  });
});

await scenario("graphs are made of collections and taken apart", async () => {
  const graph = db.graph("social");
  await graph.create([{ collection: "relation", from: ["female", "male"], to: ["female", "male"] }]);
  assert.equal(await graph.exists(), true);
  assert.deepEqual((await graph.get()).edgeDefinitions[0].collection, "relation");
  await graph.vertexCollection("female").save({ _key: "alice" });
  await graph.vertexCollection("male").save({ _key: "bob" });
  await graph.edgeCollection("relation").save({ _from: "female/alice", _to: "male/bob" });
  assert.deepEqual((await graph.listVertexCollections()).sort(), ["female", "male"]);
  assert.equal((await errorOf(db.collection("relation").drop())).errorNum, 1942);
  await graph.drop(true);
  assert.equal(await db.collection("relation").exists(), false);
});

await scenario("views and analyzers are kept as definitions", async () => {
  await withCollection(async (collection) => {
    const analyzer = db.analyzer("words");
    await analyzer.create({ type: "delimiter", properties: { delimiter: " " } });
    assert.equal((await analyzer.get()).type, "delimiter");
    const view = await db.createView("search", {
      type: "arangosearch",
      links: { [collection.name]: { includeAllFields: true } },
    });
    assert.equal((await view.properties()).type, "arangosearch");
    assert.ok((await db.listViews()).some((info) => info.name === "search"));
    await view.drop();
    await analyzer.drop();
    assert.equal(await view.exists(), false);
  });
});

await scenario("stream transactions commit and abort", async () => {
  await withCollection(async (collection) => {
    const aborted = await db.beginTransaction({ write: [collection] });
    await aborted.step(() => collection.save({ _key: "gone" }));
    assert.equal(await collection.documentExists("gone"), false);
    assert.equal((await aborted.abort()).status, "aborted");
    const committed = await db.beginTransaction({ write: [collection] });
    await committed.step(() => collection.save({ _key: "kept" }));
    assert.equal((await committed.get()).status, "running");
    assert.equal((await committed.commit()).status, "committed");
    assert.deepEqual([await collection.documentExists("gone"), await collection.documentExists("kept")], [false, true]);
  });
});

await scenario("databases are dropped", async () => {
  await system.dropDatabase(name);
  assert.equal(await system.database(name).exists(), false);
});

process.exit(failed);
