// The start: above all the time between the view's making and its place in the page, which it gets with its answer. Whatever
// happens then counts.
import assert from 'node:assert/strict'
import { eventually, test } from './harness.mjs'

/** For how many milliseconds the view waits for its answer (src/loader/element.js). */
const PATIENCE = 50

/** Opens a page whose view is made and waits: its answer is held until the function that this returns is called. */
async function waiting({ open, page }) {
  await page.addInitScript((patience) => {
    const { setTimeout, fetch } = window
    window.signals = []
    window.fetch = (address, options, ...more) => {
      if (options?.signal) window.signals.push(options.signal)
      return fetch(address, options, ...more)
    }
    window.setTimeout = (run, millis, ...more) => {
      if (millis !== patience) return setTimeout(run, millis, ...more)
      window.waits = true
      return 0
    }
  }, PATIENCE)
  let answer
  const held = new Promise((resolve) => { answer = resolve })
  await page.route('**/bigkey-tasks?*', async (route) => {
    await held
    await route.continue().catch(() => {}) // it may have been ended
  })
  await open({ refresh: 'off' })
  await page.waitForFunction(() => window.waits)
  return answer
}

test('an attribute that changes while the view waits for its answer counts', async (fixture) => {
  const { page, ui, calls } = fixture
  const answer = await waiting(fixture)
  await page.evaluate(() => { document.querySelector('bigkey-tasks').limit = 20 })
  answer()
  await ui.shows(1, 20)
  assert.deepEqual(calls.map(({ query }) => query.limit), ['10', '20'])
})

test('a step back while the view waits for its answer counts', async (fixture) => {
  const { page, ui, saysAddress } = fixture
  const answer = await waiting(fixture)
  await page.evaluate(() => new Promise((done) => {
    for (const limit of [20, 50]) {
      const url = new URL(location)
      url.searchParams.set('limit', limit)
      history.pushState(null, '', url)
    }
    addEventListener('popstate', done, { once: true })
    history.back()
  }))
  answer()
  await ui.shows(1, 20)
  await saysAddress({ limit: '20', refresh: 'off' })
})

test('who asks for a refresh while the view waits for its answer gets that', async (fixture) => {
  const { page, ui, calls } = fixture
  const answer = await waiting(fixture)
  await page.evaluate(() => { window.refreshed = document.querySelector('bigkey-tasks').refresh().then(() => 'fulfilled') })
  answer()
  assert.equal(await page.evaluate(() => window.refreshed), 'fulfilled')
  await ui.shows(1, 10)
  assert.equal(calls.length, 1)
})

test('taken away while the view waits for its answer: the request ends; put back, the list comes', async (fixture) => {
  const { page, ui } = fixture
  const answer = await waiting(fixture)
  await page.evaluate(() => { (window.list = document.querySelector('bigkey-tasks')).remove() })
  await eventually(async () => assert.deepEqual(await page.evaluate(() => window.signals.map(({ aborted }) => aborted)), [true]))
  await page.evaluate(() => document.querySelector('main').append(window.list))
  answer()
  await ui.shows(1, 10)
  assert.equal(await page.evaluate(() => window.list.shadowRoot.querySelectorAll('table').length), 1)
})

test('Retry pressed twice after the module was missing: one list comes, and leaves nothing behind', async ({ open, page, ui }) => {
  await page.addInitScript(() => {
    const [set, clear, pending] = [setTimeout, clearTimeout, (document.pending = new Set())]
    window.setTimeout = (run, ...more) => {
      const id = set((...args) => { pending.delete(id); run(...args) }, ...more)
      pending.add(id)
      return id
    }
    window.clearTimeout = (id) => { pending.delete(id); clear(id) }
  })
  await page.route('**/*_bg.wasm', (route) => route.abort())
  await open({ refresh: 'off' })
  await ui.retry.waitFor()
  await page.unrouteAll()
  await ui.retry.evaluate((button) => { button.click(); button.click() })
  await ui.shows(1, 10)
  await page.evaluate(() => document.querySelector('bigkey-tasks').remove())
  await eventually(async () => assert.equal(await page.evaluate(() => document.pending.size), 0))
})
