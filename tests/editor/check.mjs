// Tries the schemas of workflow files in a real language server: no shipped file has a finding, a broken one has, and
// what may stand somewhere is offered there. CONTRIBUTING.md says how it is run.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const program = join(root, "target/editor/node_modules/yaml-language-server/bin/yaml-language-server");
const PATIENCE = 20_000;

const server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const asked = new Map();
const awaited = new Map();
let last = 0;
let buffer = Buffer.alloc(0);

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function ask(method, params) {
  const id = ++last;
  send({ id, method, params });
  return new Promise((resolve) => asked.set(id, resolve));
}

function take(message) {
  if (message.method === "textDocument/publishDiagnostics") {
    awaited.get(message.params.uri)?.(message.params.diagnostics);
  } else if (message.method && message.id !== undefined) {
    const settings = { validate: true, completion: true };
    const asks = message.method === "workspace/configuration";
    send({ id: message.id, result: asks ? message.params.items.map(() => settings) : null });
  } else if (asked.has(message.id)) {
    asked.get(message.id)(message.result);
    asked.delete(message.id);
  }
}

server.stdout.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (;;) {
    const head = buffer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, head))[1]);
    if (buffer.length < head + 4 + length) return;
    const message = JSON.parse(buffer.subarray(head + 4, head + 4 + length));
    buffer = buffer.subarray(head + 4 + length);
    take(message);
  }
});

// Opens a text as if it were this file; what the server finds in it.
function opened(file, text) {
  const uri = pathToFileURL(file).href;
  const found = new Promise((resolve, reject) => {
    awaited.set(uri, resolve);
    setTimeout(() => reject(new Error(`no answer about ${file}`)), PATIENCE).unref();
  });
  const textDocument = { uri, languageId: "yaml", version: 1, text };
  send({ method: "textDocument/didOpen", params: { textDocument } });
  return found;
}

// What is offered at the place that `▮` marks.
async function offered(file, marked) {
  const text = marked.replace("▮", "");
  await opened(file, text);
  const before = marked.slice(0, marked.indexOf("▮")).split("\n");
  const position = { line: before.length - 1, character: before.at(-1).length };
  const uri = pathToFileURL(file).href;
  const list = await ask("textDocument/completion", { textDocument: { uri }, position });
  return (list.items ?? list).map((item) => item.label.trim());
}

function filesIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["schema", "lists", "templates"].includes(entry.name) ? [] : filesIn(path);
    return path.endsWith(".yaml") ? [path] : [];
  });
}

const faults = [];
function expect(right, what) {
  if (!right) faults.push(what);
}

await ask("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
send({ method: "initialized", params: {} });
const settings = { yaml: { validate: true, completion: true, schemaStore: { enable: false } } };
send({ method: "workspace/didChangeConfiguration", params: { settings } });

const shipped = filesIn(join(root, "workflows"));
for (const file of shipped) {
  const text = readFileSync(file, "utf8");
  expect(text.startsWith("# yaml-language-server: $schema="), `${relative(root, file)} names no schema`);
  for (const finding of await opened(file, text)) {
    faults.push(`${relative(root, file)}:${finding.range.start.line + 1} ${finding.message}`);
  }
}

const head = "# yaml-language-server: $schema=schema/workflow.schema.json\nworkflow: a\nversion: 1\n";
let made = 0;
const madeUp = () => join(root, `workflows/made-up-${++made}.yaml`);
const draft = "open: { who: b, to: c }\nstates:\n  c:\n    ";
for (const [line, message] of [
  ["roles: { b: { is: owner } }", /"starter" \| "partner"/],
  ["forms: { f: { fields: { x: { type: strng } } } }", /"string" \| "text"/],
  ["states: { s: { actions: { go: { requires: [f] } } } }", /requires is not allowed/],
  ["states: { s: { end: sucess } }", /"success" \| "failure"/],
]) {
  const found = await opened(madeUp(), `${head}${line}\n`);
  const messages = found.map((finding) => finding.message);
  expect(messages.some((told) => message.test(told)), `${line}\n  is told as ${messages.join("; ") || "nothing"}`);
}

for (const [text, word] of [
  [`${head}▮`, "roles"],
  [`${head}${draft}▮`, "review"],
  [`${head}${draft}actions:\n      go:\n        ▮`, "require"],
  [`${head}${draft}timers:\n      go:\n        ▮`, "as_soon_as"],
]) {
  const words = await offered(madeUp(), text);
  expect(words.includes(word), `${text}\n  offers ${words.join(", ") || "nothing"}`);
}

server.kill();
console.log(faults.length ? faults.join("\n") : `${shipped.length} files without a finding; faults are found, words offered`);
process.exit(faults.length ? 1 : 0);
