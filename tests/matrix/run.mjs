// `make matrix`: every cell of the fault matrix, as a grid and in figures. ONLY=… runs those whose name matches.
import { launch } from '../e2e/stage.mjs'
import { runCell, startStack } from './cell.mjs'
import { ACTIONS, FAULTS, cells } from './table.mjs'

const WORKERS = Number(process.env.WORKERS ?? 4)
const only = new RegExp(process.env.ONLY || '.')
/** How long a cell may take on a busy machine, in milliseconds. */
const MOST = 90_000
const name = ({ action, fault }) => `${action} × ${fault.name}`

const begun = Date.now()
const [browser, usual, lax] = await Promise.all([launch(), startStack(), startStack({ lax: true })])
const queue = cells().filter((cell) => only.test(name(cell)))
const [todo, failures] = [[...queue], []]
const results = new Map()
async function within(millis, cell) {
  let timer
  const late = new Promise((_, failed) => { timer = setTimeout(() => failed(new Error(`not over after ${millis / 1000} s`)), millis) })
  cell.catch(() => {}) // told already, if it ends after all
  try { return await Promise.race([cell, late]) } finally { clearTimeout(timer) }
}
async function work() {
  for (let cell; (cell = todo.shift()); ) {
    try {
      await within(MOST, runCell(browser, { usual, lax }, cell))
      results.set(name(cell), '·')
    } catch (error) {
      results.set(name(cell), 'F')
      failures.push(`${name(cell)}\n${String(error.stack ?? error).split('\n').filter((line) => !/node:internal|matrix\/run\.mjs|\[pid=/.test(line)).slice(0, 30).join('\n')}`)
    }
  }
}
await Promise.all(Array.from({ length: WORKERS }, work))
await Promise.all([browser.close(), usual.stop(), lax.stop()])

const width = Math.max(...FAULTS.map((fault) => fault.name.length))
console.log([' '.repeat(width), ...ACTIONS].join('  '))
for (const fault of FAULTS) {
  const marks = ACTIONS.map((action) => (results.get(name({ action, fault })) ?? ' ').padEnd(action.length))
  if (marks.some((mark) => mark.trim())) console.log([fault.name.padEnd(width), ...marks].join('  '))
}
for (const failure of failures) console.log(`\n✗ ${failure}`)
console.log(`\n${queue.length} cells, ${failures.length} failed, ${Math.round((Date.now() - begun) / 1000)} s`)
process.exitCode = failures.length ? 1 : 0
