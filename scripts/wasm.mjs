// The parts of a wasm file, as far as the build has to look into one.

export const CUSTOM = 0, IMPORT = 2, EXPORT = 7, ELEMENT = 9
const CODE = 10, FUNCTIONS = 1 // the latter of the names

/** Reads what is encoded in `bytes` from the start on. */
export class Reader {
  at = 0
  constructor(bytes) { this.bytes = bytes }
  byte() { return this.bytes[this.at++] }
  number() {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  part(length) { this.at += length; return this.bytes.subarray(this.at - length, this.at) }
  text() { return this.part(this.number()).toString() }
  get done() { return this.at >= this.bytes.length }
}

export function leb(value) {
  const bytes = []
  do { bytes.push((value & 127) | (value > 127 ? 128 : 0)); value >>>= 7 } while (value > 0)
  return Buffer.from(bytes)
}
export const text = (string) => Buffer.concat([leb(Buffer.byteLength(string)), Buffer.from(string)])
export const section = (id, body) => Buffer.concat([Buffer.from([id]), leb(body.length), body])

/** What comes before the sections of a file. */
export const preamble = (wasm) => wasm.subarray(0, 8)

/** The sections of a file: `{ id, body }`. */
export function sections(wasm) {
  const reader = new Reader(wasm.subarray(8)), all = []
  while (!reader.done) all.push({ id: reader.byte(), body: reader.part(reader.number()) })
  return all
}

/** How many functions a file imports; their numbers come first. */
export const countImported = (wasm) => WebAssembly.Module.imports(new WebAssembly.Module(wasm)).filter(({ kind }) => kind === 'function').length

/** The code of the functions that are not imported, in their order. */
export function functionBodies(wasm) {
  const reader = new Reader(sections(wasm).find(({ id }) => id === CODE).body)
  return Array.from({ length: reader.number() }, () => reader.part(reader.number()))
}

/** The names of the functions, by number, as far as the file has any. */
export function functionNames(wasm) {
  const names = new Map()
  for (const { id, body } of sections(wasm)) {
    const reader = new Reader(body)
    if (id !== CUSTOM || reader.text() !== 'name') continue
    while (!reader.done) {
      const kind = reader.byte(), part = new Reader(reader.part(reader.number()))
      if (kind === FUNCTIONS) for (let n = part.number(); n > 0; n--) names.set(part.number(), part.text())
    }
  }
  return names
}

/** The same file with these names of its functions, by number, and no others. */
export function withFunctionNames(wasm, names) {
  const all = Buffer.concat([leb(names.size), ...[...names].sort(([a], [b]) => a - b).flatMap(([number, name]) => [leb(number), text(name)])])
  const rest = sections(wasm).filter(({ id, body }) => id !== CUSTOM || new Reader(body).text() !== 'name')
  return Buffer.concat([preamble(wasm), ...rest.map(({ id, body }) => section(id, body)), section(CUSTOM, Buffer.concat([text('name'), section(FUNCTIONS, all)]))])
}
