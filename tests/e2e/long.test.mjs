// Lists of hundreds of rows: what a reader sees is there at once, the rest soon after, and nobody is told otherwise.
import assert from 'node:assert/strict'
import { eventually, test } from './harness.mjs'

const LIMIT = 1000
const SECOND = 2 // the page that is looked at after the first

/** Opens the first page of a long list, and has it scrolled to its end if need be. */
async function opened({ open, ui, page }, scrolled) {
  await open({ instance_id: 'million', limit: LIMIT, refresh: 'off' })
  await ui.text('1–1000 of 1000000').waitFor()
  await ui.idle()
  await page.evaluate((down) => scrollTo(0, down ? document.documentElement.scrollHeight : 0), scrolled)
}

/**
 * Calls `click` in the page, and looks at each frame until the table is no longer busy: whether it was, and how many rows,
 * and how many of those in sight, were as before.
 */
const watched = (page, click) => page.evaluate(async ({ click }) => {
  const root = document.querySelector('bigkey-tasks').shadowRoot
  const [table, rows] = [root.querySelector('table'), [...root.querySelectorAll('tbody tr')]]
  const id = (row) => row.querySelector('button').textContent
  const before = rows.map(id)
  const frames = []
  const press = (name) => root.querySelector(`[aria-label="${name}"]`).click()
  new Function('press', click)(press)
  for (let changed = false; ;) {
    await new Promise((next) => requestAnimationFrame(next))
    const old = rows.filter((row, i) => id(row) === before[i])
    const inSight = (row) => { const { top, bottom } = row.getBoundingClientRect(); return bottom > 0 && top < innerHeight }
    const isBusy = table.getAttribute('aria-busy') === 'true'
    frames.push({ isBusy, old: old.length, oldInSight: old.filter(inSight).length, inSight: rows.filter(inSight).length })
    changed ||= old.length < rows.length
    if (changed && !isBusy) return { frames, ids: rows.map(id) }
  }
}, { click })

/** The task IDs of a page, as the endpoint has them. */
const idsOf = (page, number) => page.evaluate(async ({ number, limit }) => {
  const element = document.querySelector('bigkey-tasks')
  const answer = await fetch(`/v2/${element.projectId}/instances/${element.instanceId}/bigkey-tasks?limit=${limit}&offset=${(number - 1) * limit}`)
  return (await answer.json()).records.map(({ id }) => id)
}, { number, limit: LIMIT })

const TALL = { viewport: { width: 1280, height: 6000 } } // such as of a wall
for (const [where, scrolled, context] of [['at the beginning', false, {}], ['at the end', true, {}], ['of a tall screen', true, TALL]]) {
  test(`another page of 1,000 rows: a reader ${where} never sees rows of both, and the table is busy until all are there`, context, async (fixture) => {
    const { page } = fixture
    await opened(fixture, scrolled)
    const { frames, ids } = await watched(page, 'press("Next page")')
    for (const { isBusy, old, oldInSight, inSight } of frames) {
      assert.ok(inSight > 0, 'no row is in sight')
      if (old < LIMIT) assert.equal(oldInSight, 0, `${oldInSight} of ${inSight} rows in sight are of the page before`)
      if (old > 0) assert.ok(isBusy, `${old} rows are of the page before, and the table is not busy`)
    }
    assert.deepEqual(ids, await idsOf(page, SECOND))
  })
}

test('the first view of 1,000 rows on a tall screen: no row is in sight without its task', TALL, async ({ open, ui, page }) => {
  await page.addInitScript(() => {
    window.looks = []
    const look = () => {
      const root = document.querySelector('bigkey-tasks')?.shadowRoot
      const rows = [...root?.querySelectorAll('tbody tr') ?? []].filter((row) => row.getBoundingClientRect().top < innerHeight)
      const table = root?.querySelector('table')
      if (rows.length > 0) window.looks.push({ rows: rows.length, empty: rows.filter((row) => row.querySelector('button').textContent.length < 30).length, isBusy: table.ariaBusy === 'true' })
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await open({ instance_id: 'million', limit: LIMIT, refresh: 'off' })
  await ui.idle()
  const looks = await page.evaluate(() => window.looks)
  assert.ok(looks[0].rows > 100 && looks[0].isBusy, `the first look saw ${looks[0].rows} rows`)
  for (const { rows, empty } of looks) assert.equal(empty, 0, `${empty} of ${rows} rows in sight are empty`)
})

test('steps in quick succession over pages of 1,000 rows: the last one counts, for every row', async (fixture) => {
  const { page, ui } = fixture
  await opened(fixture, false)
  // The second step comes while rows of the first are still to be written.
  await page.evaluate(() => {
    const root = document.querySelector('bigkey-tasks').shadowRoot
    const first = () => root.querySelector('tbody button').textContent
    const [next, before] = [root.querySelector('[aria-label="Next page"]'), first()]
    new MutationObserver((_, observer) => {
      if (first() === before) return
      observer.disconnect()
      next.click()
    }).observe(root, { subtree: true, characterData: true, childList: true })
    next.click()
  })
  // But for how long ago something was.
  const rows = async () => {
    await ui.text('2001–3000 of 1000000').waitFor()
    await ui.idle()
    return page.evaluate(() => [...document.querySelector('bigkey-tasks').shadowRoot.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent.split('\n')[0]).join()))
  }
  const shown = await rows()
  await page.reload()
  assert.deepEqual(shown, await rows())
})

test('a list of 1,000 rows that is taken away while rows are still to be written leaves nothing behind', async (fixture) => {
  const { page } = fixture
  await page.addInitScript(() => {
    const [set, clear, pending] = [setTimeout, clearTimeout, (document.pending = new Set())]
    window.setTimeout = (run, ...more) => {
      const id = set((...args) => { pending.delete(id); run(...args) }, ...more)
      pending.add(id)
      return id
    }
    window.clearTimeout = (id) => { pending.delete(id); clear(id) }
  })
  await opened(fixture, false)
  await page.evaluate(() => {
    const element = document.querySelector('bigkey-tasks'), root = element.shadowRoot
    const body = root.querySelector('tbody')
    document.late = NaN
    new MutationObserver((_, observer) => {
      observer.disconnect()
      element.remove()
      document.late = 0
      new MutationObserver((changes) => { document.late += changes.length }).observe(body, { subtree: true, characterData: true, childList: true })
    }).observe(body, { subtree: true, characterData: true })
    root.querySelector('[aria-label="Next page"]').click()
  })
  // Once no timer is left, nothing can be written any more.
  await eventually(async () => assert.deepEqual(await page.evaluate(() => [Number.isNaN(document.late), document.pending.size]), [false, 0]))
  assert.equal(await page.evaluate(() => document.late), 0)
})
