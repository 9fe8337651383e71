// What the page does by itself: asking again, counting time, telling what ended.
import assert from 'node:assert/strict'
import { eventually, test } from './harness.mjs'

/** Takes the clock of the page over; from then on time passes only when told to. */
async function stopTime(page, at = new Date('2026-03-01T10:00:00Z')) {
  await page.clock.install({ time: new Date(at.getTime() - 60_000) })
  await page.clock.pauseAt(at) // else it runs on, and a busy machine takes seconds from one step to the next
}

/** Lets time pass until the first view is whole: until then the page goes from task to task, and from frame to frame. */
const begins = (page) => eventually(async () => {
  await page.clock.runFor(16)
  assert.equal(await page.locator('nav').count(), 1)
})

const offline = (page, is) => page.evaluate((is) => Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => !is }), is)

/** Makes the page believe that nobody can see it: a browser without a screen shows every page. */
const hide = (page, is) => page.evaluate((is) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => is })
  window.frames_ ??= { request: requestAnimationFrame, held: [] }
  const frames = window.frames_
  window.requestAnimationFrame = is ? (callback) => frames.held.push(callback) : frames.request
  if (!is) for (const callback of frames.held.splice(0)) frames.request(callback)
}, is)

test('an interval asks again when it is over, one request at a time', async ({ open, ui, page, calls }) => {
  await stopTime(page)
  await open({ refresh: '30' })
  await begins(page)
  await ui.shows(1, 10)
  assert.equal(calls.length, 1)
  await page.clock.runFor(15_000)
  assert.equal(calls.length, 1)
  await page.clock.runFor(15_000)
  await eventually(() => assert.equal(calls.length, 2))
  await ui.shows(1, 10)
})

test('what changes the look alone does not put off the next request', async ({ open, ui, page, calls }) => {
  await stopTime(page)
  await open({ refresh: '30' })
  await begins(page)
  await ui.shows(1, 10)
  for (const zone of ['UTC', 'local', 'UTC']) {
    await page.clock.runFor(9000)
    await ui.zone.selectOption(zone)
  }
  assert.equal(calls.length, 1)
  await page.clock.runFor(4000)
  await eventually(() => assert.equal(calls.length, 2))
  await ui.shows(1, 10)
})

test('nobody looks: nothing is asked, and once on return', async ({ open, ui, page, calls }) => {
  await stopTime(page)
  await open({ refresh: '5' })
  await begins(page)
  await ui.shows(1, 10)
  await hide(page, true)
  await page.clock.runFor(120_000)
  assert.equal(calls.length, 1)
  await hide(page, false)
  await page.clock.runFor(100)
  await eventually(() => assert.equal(calls.length, 2))
  await ui.idle()
  assert.equal(calls.length, 2)
})

test('no network: nothing is asked, and once when it is back', async ({ open, ui, page, calls }) => {
  await stopTime(page)
  await open({ refresh: '5' })
  await begins(page)
  await ui.shows(1, 10)
  await offline(page, true)
  await page.clock.runFor(120_000)
  assert.equal(calls.length, 1)
  await offline(page, false)
  await page.clock.runFor(1500)
  await eventually(() => assert.equal(calls.length, 2))
})

test('what failed for want of a network is asked for once it is back, however long the wait would be', async ({ open, ui, page, calls }) => {
  await stopTime(page)
  await open({ status: 'failed' })
  await begins(page)
  await ui.idle()
  await page.route(/bigkey-tasks\?/, (route) => route.abort())
  await offline(page, true)
  await ui.refresh.click()
  await ui.alert.waitFor()
  await page.clock.runFor(10_000)
  assert.equal(calls.length, 2)
  await page.unrouteAll()
  await offline(page, false)
  await page.clock.runFor(1000)
  await ui.alert.waitFor({ state: 'hidden' })
  assert.equal(calls.length, 3)
})

test('rows that were kept on the way are as old as that says', async ({ open, ui, page }) => {
  await page.route(/bigkey-tasks\?/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, headers: { ...response.headers(), age: '121' } })
  })
  await open({ refresh: 'off' })
  await page.getByText(/^Updated 2 ?m(in)? ago$/).waitFor()
  await page.unrouteAll()
  await ui.refresh.click()
  await ui.text('Updated just now').waitFor()
})

test('the age of the rows is told, and when it is too great', async ({ open, ui, page }) => {
  await stopTime(page)
  await open({ refresh: 'off' })
  await begins(page)
  await ui.shows(1, 10)
  await ui.text('Updated just now').waitFor()
  await page.clock.runFor(12_000)
  await page.getByText(/^Updated 10 ?s(ec)? ago$/).waitFor() // in steps of five seconds
  await page.clock.runFor(660_000)
  await page.getByText(/^Updated 11 ?m(in)? ago, may be out of date$/).waitFor()
  await ui.refresh.click()
  await ui.text('Updated just now').waitFor()
})

test('how long ago a task ended is told anew, day after day, also where none runs', async ({ open, page }) => {
  await stopTime(page)
  await open({ status: 'success', refresh: 'off' })
  await begins(page)
  const told = async () => (await page.locator('td.completed time').allTextContents()).map((text) => text.split('\n'))
  await eventually(async () => assert.equal((await told()).length, 10))
  let before = await told()
  for (let day = 1; day <= 3; day++) {
    await page.clock.fastForward('24:00:00')
    await page.clock.runFor(1000)
    const now = await told()
    for (const [row, [instant, age]] of now.entries()) {
      assert.equal(instant, before[row][0])
      assert.notEqual(age, before[row][1], `row ${row + 1} on day ${day}`)
    }
    before = now
  }
})

/** From now on the list's answers pass through `change`, which returns what to make of one: see Playwright's `route.fulfill`. */
const answers = (page, change) => page.route('**/bigkey-tasks?*', async (route) => {
  const response = await route.fetch()
  await route.fulfill({ response, ...await change(response) })
})
const worded = async (response) => ({ body: JSON.stringify(await response.json(), null, 1) })

for (const [which, status, change] of [['tasks that are over', 'success'], ['tasks in any state', ''], ['tasks that are over, in other words', 'success', worded]]) {
  test(`a refresh that brings nothing new changes no node of the rows: ${which}`, async ({ open, ui, page, calls }) => {
    await stopTime(page, new Date())
    await open({ instance_id: 'million', refresh: 'off', limit: '100', status })
    await begins(page)
    await eventually(async () => assert.equal(await ui.rows.count(), 100))
    await page.clock.runFor(100) // rows out of sight come a little later
    await ui.idle()
    if (change) await answers(page, change)
    const before = calls.length
    const changed = await page.evaluate(async () => {
      const list = document.querySelector('bigkey-tasks')
      const cells = []
      const cellOf = ({ target, type }) => (target.closest ? target : target.parentElement).closest('td')?.classList[0] ?? `${target.localName}: ${type}`
      new MutationObserver((all) => cells.push(...all.map(cellOf)))
        .observe(list.shadowRoot.querySelector('tbody'), { subtree: true, childList: true, attributes: true, characterData: true })
      await list.refresh()
      // Whatever an answer leads to is under way as a microtask, and done before the next message comes.
      await new Promise((done) => { const { port1, port2 } = new MessageChannel(); port2.onmessage = done; port1.postMessage(0) })
      return (window.changed = cells)
    })
    if (change) await page.clock.runFor(100)
    await ui.idle()
    changed.push(...await page.evaluate((known) => window.changed.slice(known), changed.length))
    assert.equal(calls.length, before + 1)
    assert.deepEqual(changed, [])
  })
}

test('an answer in the very words of the one before is taken for what it is now: another limit, a failure, a list again', async ({ open, ui, page }) => {
  await open({ refresh: 'off', limit: '20' })
  await ui.shows(1, 20)
  const body = await page.evaluate(async () => (await fetch(performance.getEntriesByType('resource').findLast(({ name }) => name.includes('/bigkey-tasks?')).name)).text())
  let status = 200
  await page.route('**/bigkey-tasks?*', (route) => route.fulfill({ status, contentType: 'application/json', body }))
  await ui.limit.selectOption('10')
  await ui.shows(1, 10)
  await page.getByText(/sent 10 more tasks than asked for/).waitFor()
  assert.equal(await ui.rows.count(), 10)
  status = 500
  await ui.refresh.click()
  await ui.alert.getByText('500').first().waitFor()
  assert.equal(await ui.rows.count(), 10)
  status = 200
  await ui.alert.getByRole('button', { name: 'Retry' }).click()
  await ui.alert.waitFor({ state: 'hidden' })
  assert.equal(await ui.rows.count(), 10)
})

test('a choice of when to refresh is remembered', async ({ open, ui, page }) => {
  await open()
  await ui.shows(1, 10)
  await ui.autoRefresh.selectOption({ label: '30 s' })
  await open()
  await ui.shows(1, 10)
  assert.equal(await ui.autoRefresh.locator('option:checked').textContent(), '30 s')
  await page.evaluate(() => localStorage.setItem('bigkey-tasks.refresh', '1; drop'))
  await open()
  await ui.shows(1, 10)
  assert.equal(await ui.autoRefresh.locator('option:checked').textContent(), 'Automatic')
  assert.equal(await page.getByText('cannot be').count(), 0, 'nobody is told of what nobody typed')
})

test('what runs and what ended last stands above the table, of which tasks too', async ({ open, ui, page }) => {
  await open({ limit: '50', refresh: 'off' })
  await ui.shows(1, 42)
  const line = await page.locator('.facts').innerText()
  assert.match(line, /^All tasks/)
  assert.match(line, /Last successful\s+\d+ ?\w+ ago/)
  assert.match(line, /Last failed\s+\d+ ?\w+ ago/)
  assert.match(line, /Usual duration\s+\d+ (s|min|h)/)
  const running = await ui.rows.filter({ hasText: 'Running' }).count()
  assert.ok(line.replace(/\s+/g, ' ').includes(`Running now ${running || 'none'}`), line)
  await open({ limit: '10', status: 'failed', refresh: 'off' })
  await ui.idle()
  const filtered = await page.locator('.facts').innerText()
  assert.doesNotMatch(filtered, /Last successful|Running now/, 'a filter leaves nothing to say of the others')
  assert.match(filtered, /Last failed/)
})

test('arrow keys lead from task to task, Enter opens, and Tab stops once', async ({ open, ui, page }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  const ids = await ui.ids()
  const focused = () => page.evaluate(() => document.querySelector('bigkey-tasks').shadowRoot.activeElement?.textContent)
  await ui.button(ids[0]).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  assert.equal(await focused(), ids[2])
  await page.keyboard.press('End')
  assert.equal(await focused(), ids[9])
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Home')
  assert.equal(await focused(), ids[0])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  assert.ok((await page.getByRole('dialog').innerText()).includes(ids[1]))
  await page.keyboard.press('Escape')
  await eventually(async () => assert.equal(await focused(), ids[1]))
  await page.keyboard.press('Tab')
  assert.ok(!ids.includes(await focused()), 'Tab leaves the rows')
  await page.keyboard.press('Shift+Tab')
  assert.equal(await focused(), ids[1], 'and comes back to where it was')
})

test('a clock that runs wrong is told, and allowed for', async ({ open, ui, page }) => {
  await page.clock.install({ time: new Date(Date.now() - 3_600_000) })
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await page.getByText(/This device’s clock is (59 min|1 h( 0 min)?)\S* .*behind/).waitFor()
  for (const text of await page.locator('td.created time').allTextContents()) assert.match(text, /ago$/, 'nothing is in the future')
})
