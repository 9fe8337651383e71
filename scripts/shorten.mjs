// Makes the wasm and the script that belongs to it shorter, where both spell out the same names: what the script never
// calls is no longer exported, so that the optimiser can drop it, and the names that wasm-bindgen made up (with a hash
// in each, which no compression shortens) become one or two letters on both sides.

//
// What only a dropped export could have called is dropped as well. The optimiser cannot tell that of a function whose
// address is in the table: anything could call it. Leptos brings streams along (the crate wasm_streams) that nothing here
// makes; where none of their exports is left, their places in the table are given to another function, whose type is not
// theirs: a call would trap.

const CUSTOM = 0, IMPORT = 2, EXPORT = 7, ELEMENT = 9
const CONSTANT = 0x41
const UNUSED = { crate: /\bwasm_streams\b/, exports: /^intounderlying/ }
/** Names that wasm-bindgen makes up; an ordinary word could mean something else in the script. */
const MADE_UP = /^(__wb|__externref_|wasm_bindgen_)/

function shortName(n) {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
  let name = ''
  do { name = letters[n % 52] + name; n = Math.floor(n / 52) - 1 } while (n >= 0)
  return name
}

/**
 * `{ wasm, rename, short }` for `wasm` (bytes) and `js` (text, bundled: it must hold all that uses the wasm): the shorter
 * wasm, what makes such a text fit it, and the new name of a name.
 */
export function shorten(wasm, js) {
  const words = new Set(js.match(/[\w$]+/g))
  const short = new Map()
  const rename = (name) => {
    if (!MADE_UP.test(name)) return name
    if (!words.has(name)) throw new Error(`the script has nothing for ${name}`)
    if (!short.has(name)) {
      let candidate
      do candidate = shortName(rename.next++); while (taken.has(candidate))
      short.set(name, candidate)
    }
    return short.get(name)
  }
  rename.next = 0
  const taken = new Set()
  let module // wasm-bindgen's name for all that is imported

  const out = [wasm.subarray(0, 8)]
  for (let at = 8; at < wasm.length;) {
    const start = at
    const id = wasm[at++]
    const [size, body] = number(wasm, at)
    at = body + size
    if (id === IMPORT) out.push(section(id, imports(wasm.subarray(body, at))))
    else if (id === EXPORT) out.push(section(id, exports(wasm.subarray(body, at))))
    else if (id === ELEMENT && ![...words].some((word) => UNUSED.exports.test(word))) out.push(section(id, elements(wasm.subarray(body, at))))
    else out.push(wasm.subarray(start, at))
  }

  function imports(bytes) {
    const reader = new Reader(bytes)
    const parts = [leb(reader.number())]
    while (!reader.done) {
      const from = reader.text(), name = reader.text(), start = reader.at
      const kind = reader.byte()
      if (kind !== 0) throw new Error(`${from}.${name} is imported and no function`)
      reader.number()
      if ((module ??= from) !== from) throw new Error('wasm-bindgen imports from one place, and here are two')
      parts.push(text('a'), text(rename(name)), bytes.subarray(start, reader.at))
    }
    return Buffer.concat(parts)
  }

  function exports(bytes) {
    const reader = new Reader(bytes)
    const kept = []
    const all = []
    for (let n = reader.number(); n > 0; n--) {
      const name = reader.text(), start = reader.at
      reader.byte()
      reader.number()
      all.push([name, bytes.subarray(start, reader.at)])
    }
    for (const [name] of all) if (!MADE_UP.test(name)) taken.add(name)
    for (const [name, target] of all) if (words.has(name)) kept.push(text(rename(name)), target)
    return Buffer.concat([leb(kept.length / 2), ...kept])
  }

  function elements(bytes) {
    const names = functionNames(wasm)
    const reader = new Reader(bytes)
    const parts = [leb(reader.number())]
    while (!reader.done) {
      const start = reader.at
      if (reader.number() !== 0) throw new Error('a table other than that of functions is filled')
      if (reader.byte() !== CONSTANT) throw new Error('the table is filled from no constant place on')
      reader.number()
      reader.byte() // the end of that expression
      parts.push(bytes.subarray(start, reader.at))
      const all = Array.from({ length: reader.number() }, () => reader.number())
      parts.push(leb(all.length), ...all.map((index) => leb(UNUSED.crate.test(names.get(index)) ? all[0] : index)))
    }
    return Buffer.concat(parts)
  }

  const quoted = JSON.stringify(module)
  return {
    wasm: Buffer.concat(out),
    rename(js) {
      if (js.split(quoted).length !== 2) throw new Error(`the script must name ${quoted} once`)
      return js.replace(quoted, 'a').replace(/[\w$]+/g, (word) => short.get(word) ?? word)
    },
    short: (name) => short.get(name) ?? name,
  }
}

/** The names of the functions, by index, as far as the file has any. */
function functionNames(wasm) {
  const FUNCTIONS = 1
  const names = new Map()
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at++]
    const [size, body] = number(wasm, at)
    at = body + size
    const reader = new Reader(wasm.subarray(body, at))
    if (id !== CUSTOM || reader.text() !== 'name') continue
    while (!reader.done) {
      const kind = reader.byte(), length = reader.number(), end = reader.at + length
      if (kind === FUNCTIONS) for (let n = reader.number(); n > 0; n--) names.set(reader.number(), reader.text())
      reader.at = end
    }
  }
  return names
}

class Reader {
  at = 0
  constructor(bytes) { this.bytes = bytes }
  byte() { return this.bytes[this.at++] }
  number() { const [value, next] = number(this.bytes, this.at); this.at = next; return value }
  text() { const length = this.number(); this.at += length; return this.bytes.toString('utf8', this.at - length, this.at) }
  get done() { return this.at >= this.bytes.length }
}

function number(bytes, at) {
  for (let value = 0, factor = 1; ; factor *= 128) {
    const byte = bytes[at++]
    value += (byte & 127) * factor
    if (byte < 128) return [value, at]
  }
}

function leb(value) {
  const bytes = []
  do { bytes.push((value & 127) | (value > 127 ? 128 : 0)); value >>>= 7 } while (value > 0)
  return Buffer.from(bytes)
}
const text = (string) => Buffer.concat([leb(Buffer.byteLength(string)), Buffer.from(string)])
const section = (id, body) => Buffer.concat([Buffer.from([id]), leb(body.length), body])
