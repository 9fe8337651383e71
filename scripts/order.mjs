// The order of the functions in a wasm file: those that are alike stand next to one another, since compression finds sooner
// what it has seen lately. For brotli that is more than one percent.
import { brotli } from './compress.mjs'
import { countImported, functionBodies } from './wasm.mjs'

const PIECE = 4 // bytes: what of a function is compared at a time
const STARTS = 48 // how many orders are tried
const FINALISTS = 6 // how many of them are tried with the whole file

/**
 * The numbers of the functions of `wasm`, in orders that compress well: from each to that of those left which it is most like.
 * Where it is best to begin can only be tried. The functions alone tell which are worth to be tried with the whole file.
 */
export function ordersByLikeness(wasm) {
  const imported = countImported(wasm)
  const bodies = functionBodies(wasm)
  const likeness = likenessOf(bodies.map(pieces))
  const tried = Array.from({ length: STARTS }, (_, i) => {
    const order = orderFrom(Math.floor(i * bodies.length / STARTS), likeness)
    return { order, size: brotli(Buffer.concat(order.map((number) => bodies[number]))).length }
  })
  const best = tried.sort((a, b) => a.size - b.size).slice(0, FINALISTS)
  return best.map(({ order }) => order.map((number) => imported + number))
}

function orderFrom(start, likeness) {
  const order = [start]
  const left = new Set(likeness.keys())
  left.delete(start)
  while (left.size > 0) {
    const last = likeness[order.at(-1)]
    let next, most = -1
    for (const each of left) if (last[each] > most) [next, most] = [each, last[each]]
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

/** How like each is to each: how many pieces both have, by what each has, which is the cosine between them. */
function likenessOf(all) {
  const table = all.map(() => new Float64Array(all.length))
  all.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const [few, many] = a.size < all[j].size ? [a, all[j]] : [all[j], a]
      let common = 0
      for (const piece of few) if (many.has(piece)) common++
      table[i][j] = table[j][i] = common / Math.sqrt(few.size * many.size || 1)
    }
  })
  return table
}
