// The order of the functions in a wasm file: those that are alike stand next to one another, since compression finds sooner
// what it has seen lately. For brotli that is more than one percent.
import { countImported, functionBodies } from './wasm.mjs'

const PIECE = 4 // bytes: what of a function is compared at a time

/** The numbers of the functions of `wasm`, in that order: from each to that of those left which it is most like. */
export function orderByLikeness(wasm) {
  const imported = countImported(wasm)
  const all = functionBodies(wasm).map(pieces)
  const order = [0]
  const left = new Set(all.keys())
  left.delete(0)
  while (left.size > 0) {
    const last = all[order.at(-1)]
    let next, most = -1
    for (const each of left) {
      const common = likeness(last, all[each])
      if (common > most) [next, most] = [each, common]
    }
    order.push(next)
    left.delete(next)
  }
  return order.map((number) => imported + number)
}

function pieces(body) {
  const all = new Set()
  for (let at = 0; at + PIECE <= body.length; at++) all.add(body.readUInt32LE(at))
  return all
}

/** The share of pieces that both have, among those of either. */
function likeness(a, b) {
  const [few, many] = a.size < b.size ? [a, b] : [b, a]
  let common = 0
  for (const piece of few) if (many.has(piece)) common++
  return common / (a.size + b.size - common || 1)
}
