// The order of the functions in a wasm file: those that are alike stand next to one another, since compression finds sooner
// what it has seen lately. For brotli that is more than one percent.
import { brotli } from './compress.mjs'
import { countImported, functionBodies } from './wasm.mjs'

const PIECE = 4 // bytes: what of a function is compared at a time
const STARTS = 16 // how many orders are tried

/**
 * The numbers of the functions of `wasm`, in that order: from each to that of those left which it is most like. Where it is best
 * to begin can only be tried: the functions alone tell nearly as well as the whole file.
 */
export function orderByLikeness(wasm) {
  const imported = countImported(wasm)
  const bodies = functionBodies(wasm)
  const all = bodies.map(pieces)
  let best, least = Infinity
  for (let i = 0; i < STARTS; i++) {
    const order = orderFrom(Math.floor(i * all.length / STARTS), all)
    const size = brotli(Buffer.concat(order.map((number) => bodies[number]))).length
    if (size < least) [best, least] = [order, size]
  }
  return best.map((number) => imported + number)
}

function orderFrom(start, all) {
  const order = [start]
  const left = new Set(all.keys())
  left.delete(start)
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
  return order
}

function pieces(body) {
  const all = new Set()
  for (let at = 0; at + PIECE <= body.length; at++) all.add(body.readUInt32LE(at))
  return all
}

/** How many pieces both have, by what each has: the cosine between them. */
function likeness(a, b) {
  const [few, many] = a.size < b.size ? [a, b] : [b, a]
  let common = 0
  for (const piece of few) if (many.has(piece)) common++
  return common / Math.sqrt(few.size * many.size || 1)
}
