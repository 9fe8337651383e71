// A fixed sample of the fault matrix; `make matrix` runs all of it.
import { after, test } from 'node:test'
import { runCell, startStack } from '../matrix/cell.mjs'
import { sample } from '../matrix/table.mjs'
import { launch } from './stage.mjs'

let shared
after(async () => {
  if (!shared) return
  const [browser, usual, lax] = await Promise.all(shared)
  await Promise.all([browser.close(), usual.stop(), lax.stop()])
})

test('the fault matrix: a sample', { concurrency: 3 }, async (t) => {
  shared = [launch(), startStack(), startStack({ lax: true })]
  const [browser, usual, lax] = await Promise.all(shared)
  await Promise.all(sample().map((cell) => t.test(`${cell.action} × ${cell.fault.name}`, { timeout: 120_000 }, () => runCell(browser, { usual, lax }, cell))))
})
