// A fixed sample of the fault matrix; `make matrix` runs all of it.
import { after, test } from 'node:test'
import { runCell, startStack } from '../matrix/cell.mjs'
import { sample } from '../matrix/table.mjs'
import { IN_FIREFOX, launch } from './stage.mjs'

let shared
after(async () => {
  if (!shared) return
  const [browser, usual, lax] = await Promise.all(shared)
  await Promise.all([browser.close(), usual.stop(), lax.stop()])
})

// In Firefox one page at a time: there, keys go to the page in front alone.
test('the fault matrix: a sample', { concurrency: IN_FIREFOX ? 1 : 3 }, async (t) => {
  shared = [launch(), startStack(), startStack({ lax: true })]
  const [browser, usual, lax] = await Promise.all(shared)
  await Promise.all(sample().map((cell) => t.test(`${cell.action} × ${cell.fault.name}`, { timeout: 120_000 }, () => runCell(browser, { usual, lax }, cell))))
})
