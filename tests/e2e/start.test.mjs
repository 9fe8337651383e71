// The start: above all the time between the view's making and its place in the page, which it gets with its answer. Whatever
// happens then counts.
import assert from 'node:assert/strict'
import { eventually, test } from './harness.mjs'

/** For how many milliseconds the view waits for its answer (src/loader/element.js). */
const PATIENCE = 50

/**
 * Opens a page whose view is made and waits: its answer is held until the function that this returns is called. `window` knows
 * the `signals` of its requests and its `timers`. `reach` is what a reader does to get there.
 */
async function waiting({ open, page }, reach = () => {}) {
  await page.addInitScript((patience) => {
    const { setTimeout, clearTimeout, fetch } = window
    const timers = (window.timers = new Set())
    window.signals = []
    window.fetch = (address, options, ...more) => {
      if (options?.signal) window.signals.push(options.signal)
      return fetch(address, options, ...more)
    }
    window.setTimeout = (run, millis, ...more) => {
      if (millis === patience) {
        window.waits = true
        return 0
      }
      const id = setTimeout((...args) => { timers.delete(id); run(...args) }, millis, ...more)
      timers.add(id)
      return id
    }
    window.clearTimeout = (id) => { timers.delete(id); clearTimeout(id) }
  }, PATIENCE)
  let answer
  const held = new Promise((resolve) => { answer = resolve })
  await page.route('**/bigkey-tasks?*', async (route) => {
    await held
    await route.continue().catch(() => {}) // it may have been ended
  })
  await open({ refresh: 'off' })
  await reach()
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

test('Retry pressed again while the view waits for its answer: one list comes, and leaves nothing behind', async (fixture) => {
  const { page, ui } = fixture
  const missing = (route) => route.abort()
  await page.route('**/*_bg.wasm', missing)
  const answer = await waiting(fixture, async () => {
    await ui.retry.waitFor()
    await page.unroute('**/*_bg.wasm', missing)
    await ui.retry.click()
  })
  await ui.retry.evaluate((button) => button.click())
  answer()
  await ui.shows(1, 10)
  await page.evaluate(() => document.querySelector('bigkey-tasks').remove())
  await eventually(async () => assert.equal(await page.evaluate(() => window.timers.size), 0))
})
