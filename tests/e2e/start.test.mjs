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

/**
 * Opens a page whose answer is here before the module, and where frames do not go on once the first rows were asked for: until
 * the function that this returns is called, only the table is there.
 */
async function tableOnly({ open, page }, rows = 10) {
  await page.addInitScript(() => {
    const { requestAnimationFrame } = window
    const held = []
    window.requestAnimationFrame = (run) => (held.isHeld ? held.push(run) : requestAnimationFrame(run))
    window.holdFrames = () => { held.isHeld = true }
    window.drawFrames = () => {
      held.isHeld = false
      for (const run of held.splice(0)) requestAnimationFrame(run)
    }
  })
  await page.route('**/*_bg.wasm', async (route) => {
    await page.evaluate(() => new Promise((done) => { // what the loader did by now goes on
      const wait = () => (performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.includes('/bigkey-tasks?') && responseEnd) ? setTimeout(done) : setTimeout(wait, 5))
      wait()
    }))
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => { window.holdFrames(); done() }))))
    await route.continue()
  })
  await open({ refresh: 'off' })
  await eventually(async () => assert.equal(await page.locator('tbody tr').count(), rows))
  return () => page.evaluate(() => window.drawFrames())
}

/** What is in the shadow root: how many of each, and how far the first row is from the top. */
const inside = (page) => page.evaluate(() => {
  const list = document.querySelector('bigkey-tasks')
  const count = (selector) => list.shadowRoot.querySelectorAll(selector).length
  const top = list.shadowRoot.querySelector('tbody tr').getBoundingClientRect().top
  return { toolbars: count('.toolbar'), paginations: count('nav'), headings: count('h1'), tables: count('table'), slots: count('slot'), shells: list.children.length, top: Math.round(top) }
})
const WHOLE = { toolbars: 1, paginations: 1, headings: 1, tables: 1, slots: 0, shells: 0 }

test('the rows come first, below the look of what is above them, and do not move when that comes', async (fixture) => {
  const { page, ui } = fixture
  const draw = await tableOnly(fixture)
  const { top, ...before } = await inside(page)
  assert.deepEqual(before, { toolbars: 0, paginations: 0, headings: 0, tables: 1, slots: 1, shells: 1 })
  assert.ok(await page.getByText('Auto-refresh').isVisible(), 'the look of the controls')
  await draw()
  await ui.shows(1, 10)
  assert.deepEqual(await inside(page), { ...WHOLE, top })
})

test('the table is busy until what is around it is there: whoever waits for that finds all of it', async (fixture) => {
  const { page, ui } = fixture
  const draw = await tableOnly(fixture)
  assert.equal(await ui.table.getAttribute('aria-busy'), 'true')
  await page.evaluate(() => {
    const root = document.querySelector('bigkey-tasks').shadowRoot
    window.found = new Promise((done) => {
      new MutationObserver(() => done([...root.querySelectorAll('[aria-busy=false], select, nav button, .range')].map((element) => element.textContent)))
        .observe(root.querySelector('table'), { attributeFilter: ['aria-busy'] })
    })
  })
  await draw()
  const found = (await page.evaluate(() => window.found)).join('\n')
  for (const text of ['Successful', '1000', 'Automatic', '1–10 of 42']) assert.ok(found.includes(text), `no ${text} in ${found}`)
  assert.equal(await ui.table.getAttribute('aria-busy'), 'false')
})

test('an attribute that changes while only the table is there counts', async (fixture) => {
  const { page, ui, calls } = fixture
  const draw = await tableOnly(fixture)
  await page.evaluate(() => { document.querySelector('bigkey-tasks').limit = 20 })
  await eventually(async () => assert.equal(await ui.rows.count(), 20))
  await draw()
  await ui.shows(1, 20)
  assert.equal(await ui.limit.inputValue(), '20')
  assert.equal(calls.length, 2)
})

test('another language while only the table is there: one list, in that language', async (fixture) => {
  const { page } = fixture
  const draw = await tableOnly(fixture)
  await page.evaluate(() => { document.querySelector('bigkey-tasks').locale = 'de' })
  await page.getByRole('button', { name: 'Nächste Seite' }).waitFor()
  await draw()
  await eventually(async () => {
    const { top, ...whole } = await inside(page)
    assert.deepEqual(whole, WHOLE)
  })
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
})

test('taken away while only the table is there, and put back: the whole list comes, once', async (fixture) => {
  const { page, ui } = fixture
  const draw = await tableOnly(fixture)
  await page.evaluate(async () => {
    const list = document.querySelector('bigkey-tasks')
    list.remove()
    await new Promise((done) => setTimeout(done))
    document.querySelector('main').append(list)
  })
  await ui.shows(1, 10)
  await draw()
  await ui.next.click()
  await ui.shows(11, 20)
  const { top, ...whole } = await inside(page)
  assert.deepEqual(whole, WHOLE)
})

test('an error does not look like an empty list: its notice comes with the table', async (fixture) => {
  const { page, ui } = fixture
  await page.route('**/bigkey-tasks?*', (route) => route.fulfill({ status: 403, json: { error_code: 'DCS.4003', error_msg: 'No right.' } }))
  await tableOnly(fixture, 0)
  await ui.alert.waitFor()
})

for (const [name, options] of Object.entries({ 'in another language than the look has': { locale: 'de-DE' }, 'where the look is another': { viewport: { width: 800, height: 900 } } })) {
  test(`${name}, all comes at once`, options, async (fixture) => {
    const { page } = fixture
    await tableOnly(fixture)
    const { top, ...whole } = await inside(page)
    assert.deepEqual(whole, WHOLE)
  })
}
