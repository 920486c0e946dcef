// The program in a worker: it loads the interpreter and the packages, checks each against its digest, and answers
// messages. Nothing is asked of the network after that: whatever asks for more gets no answer.
const FILES = {/* files */};
const LOADED = 0.6;
const INTERPRETED = 0.85;
const bytes = new Map();
let incomplete = false;
let done = 0;
const total = Object.values(FILES).reduce((sum, one) => sum + one.size, 0);
const web = self.fetch.bind(self);

const load = async (name) => {
  // Asked for anew where a copy is kept, which may be that of another version.
  const reply = await web(name, { integrity: FILES[name].integrity, cache: "no-cache" });
  if (!reply.ok) throw new Error(`${name} was not found`);
  const parts = [];
  // With an integrity the browser gives out nothing before it has read and checked the whole file.
  for await (const part of stream(reply.body)) {
    parts.push(part);
    done += part.length;
    postMessage({ progress: (done / total) * LOADED });
  }
  bytes.set(new URL(name, location).href, new Blob(parts));
};
async function* stream(body) {
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

const start = async () => {
  // The smallest module: where WebAssembly is blocked, nothing is loaded.
  await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  incomplete = true;
  await Promise.all(Object.keys(FILES).map(load));
  incomplete = false;
  self.fetch = async (address) => {
    const found = bytes.get(new URL(address.url ?? address, location).href);
    if (!found) throw new TypeError("this program asks nothing of the network");
    const type = String(address.url ?? address).endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(found, { headers: { "content-type": type } });
  };
  const { loadPyodide } = await import("./pyodide/pyodide.mjs");
  const python = await loadPyodide({ indexURL: new URL("pyodide/", location).href, env: { HOME: "/home/pyodide", XDG_CACHE_HOME: "/app/compiled" } });
  postMessage({ progress: INTERPRETED });
  python.unpackArchive(await bytes.get(new URL("program.zip", location).href).arrayBuffer(), "zip", { extractDir: "/app" });
  bytes.clear();
  for (const name of ["XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "indexedDB", "caches"]) Object.defineProperty(self, name, { value: undefined });
  const answers = python.runPython("import sys; sys.path.insert(0, '/app'); import engine; engine.Engine()");
  return (kind, given) => answers[kind](...given.map((one) => (one instanceof Uint8Array ? python.toPy(one) : one)));
};

const engine = start();
engine.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error).slice(-300), incomplete }));

onmessage = async ({ data }) => {
  const { id, kind, given } = data;
  try {
    const answer = await engine;
    postMessage({ id, reply: JSON.parse(answer(kind, given)) });
  } catch (error) {
    postMessage({ id, failed: String(error).slice(-300) });
  }
};
