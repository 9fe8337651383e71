// Makes the wasm and the script that belongs to it shorter, where both spell out the same names: what the script never
// calls is no longer exported, so that the optimiser can drop it, and the names that wasm-bindgen made up (with a hash
// in each, which no compression shortens) become one or two letters on both sides.

//
// What only a dropped export could have called is dropped as well. The optimiser cannot tell that of a function whose
// address is in the table: anything could call it. Leptos brings streams along (the crate wasm_streams) that nothing here
// makes; where none of their exports is left, their places in the table are given to another function, whose type is not
// theirs: a call would trap. So are the places of what Rust formats values with, in a module that formats none; whether
// that is so is seen by what the optimiser leaves (`assertNoFormatting`).
import { ELEMENT, EXPORT, IMPORT, Reader, functionNames, leb, preamble, section, sections, text } from './wasm.mjs'

const CONSTANT = 0x41
const UNUSED = { crate: /\bwasm_streams\b/, exports: /^intounderlying/ }
const FORMATTING = /\bcore(\[\w+\])?::fmt::/
/** Names that wasm-bindgen makes up; an ordinary word could mean something else in the script. */
const MADE_UP = /^(__wb|__externref_|wasm_bindgen_)/

function shortName(n) {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
  let name = ''
  do { name = letters[n % 52] + name; n = Math.floor(n / 52) - 1 } while (n >= 0)
  return name
}

/** Fails if a function of `wasm` that has its name formats values. */
export function assertNoFormatting(wasm) {
  const found = [...functionNames(wasm).values()].filter((name) => FORMATTING.test(name))
  if (found.length > 0) throw new Error(`a module that formats no values does: ${found.join(', ')}`)
}

/**
 * `{ wasm, rename, short }` for `wasm` (bytes) and `js` (text, bundled: it must hold all that uses the wasm): the shorter
 * wasm, what makes such a text fit it, and the new name of a name. `formats`: the module formats values as Rust does.
 */
export function shorten(wasm, js, { formats }) {
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

  const names = functionNames(wasm)
  const hasStreams = [...words].some((word) => UNUSED.exports.test(word))
  const isUnused = (name) => (!hasStreams && UNUSED.crate.test(name)) || (!formats && FORMATTING.test(name))
  const shorter = { [IMPORT]: imports, [EXPORT]: exports, [ELEMENT]: elements }
  const out = [preamble(wasm), ...sections(wasm).map(({ id, body }) => section(id, shorter[id]?.(body) ?? body))]

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
      const unused = all[0]
      parts.push(leb(all.length), ...all.map((index) => leb(isUnused(names.get(index)) ? unused : index)))
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
