// Small graphs with the names and shapes of the shell's example graphs; the documents are our own.
const definitions = {
  social: {
    edges: [{ collection: "relation", from: ["female", "male"], to: ["female", "male"] }],
    vertices: {
      female: [{ _key: "alice", name: "Alice" }, { _key: "diana", name: "Diana" }],
      male: [{ _key: "bob", name: "Bob" }, { _key: "charly", name: "Charly" }],
    },
    links: {
      relation: [
        ["female/alice", "male/bob", { type: "married" }],
        ["female/alice", "male/charly", { type: "friend" }],
        ["male/charly", "female/diana", { type: "married" }],
        ["male/bob", "female/diana", { type: "friend" }],
      ],
    },
  },
  knows_graph: {
    edges: [{ collection: "knows", from: ["persons"], to: ["persons"] }],
    vertices: { persons: ["alice", "bob", "charlie", "dave", "eve"].map((name) => ({ _key: name, name })) },
    links: {
      knows: [["alice", "bob"], ["bob", "charlie"], ["bob", "dave"], ["eve", "alice"], ["eve", "bob"]]
        .map(([from, to]) => [`persons/${from}`, `persons/${to}`, {}]),
    },
  },
  routeplanner: {
    edges: [
      { collection: "frenchHighway", from: ["frenchCity"], to: ["frenchCity"] },
      { collection: "germanHighway", from: ["germanCity"], to: ["germanCity"] },
      { collection: "internationalHighway", from: ["frenchCity", "germanCity"], to: ["frenchCity", "germanCity"] },
    ],
    vertices: {
      frenchCity: [{ _key: "Lyon", population: 80000 }, { _key: "Paris", population: 4000000 }],
      germanCity: [{ _key: "Berlin", population: 3000000 }, { _key: "Cologne", population: 1000000 }, { _key: "Hamburg", population: 1000000 }],
    },
    links: {
      frenchHighway: [["frenchCity/Paris", "frenchCity/Lyon", { distance: 550 }]],
      germanHighway: [
        ["germanCity/Berlin", "germanCity/Cologne", { distance: 850 }],
        ["germanCity/Berlin", "germanCity/Hamburg", { distance: 400 }],
        ["germanCity/Hamburg", "germanCity/Cologne", { distance: 500 }],
      ],
      internationalHighway: [
        ["germanCity/Berlin", "frenchCity/Lyon", { distance: 1100 }],
        ["germanCity/Berlin", "frenchCity/Paris", { distance: 1200 }],
        ["germanCity/Hamburg", "frenchCity/Paris", { distance: 900 }],
        ["germanCity/Hamburg", "frenchCity/Lyon", { distance: 1300 }],
        ["germanCity/Cologne", "frenchCity/Lyon", { distance: 700 }],
        ["germanCity/Cologne", "frenchCity/Paris", { distance: 550 }],
      ],
    },
  },
};

export function createExamples(graphs, db) {
  const dropGraph = (name) => {
    if (graphs._exists(name)) {
      graphs._drop(name, true);
    }
  };
  const loadGraph = (name) => {
    const definition = definitions[name];
    if (!definition) {
      throw new Error(`the example graph ${name} is not part of the shim`);
    }

    dropGraph(name);
    const graph = graphs._create(name, definition.edges);
    for (const [collection, documents] of Object.entries(definition.vertices)) {
      db._collection(collection).save(documents);
    }

    for (const [collection, links] of Object.entries(definition.links)) {
      db._collection(collection).save(links.map(([_from, _to, data]) => ({ _from, _to, ...data })));
    }

    return graph;
  };
  return { loadGraph, dropGraph };
}
