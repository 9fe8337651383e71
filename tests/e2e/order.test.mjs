// Answers that come late, in any order, or fail, under rapid clicks: what is shown always belongs together.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startStack } from '../matrix/cell.mjs'
import { page as answerTo, success } from '../matrix/upstream.mjs'
import { eventually, launch, openFixture, random } from './stage.mjs'

const CLICKS = Number(process.env.CLICKS ?? 150)
const SEEDS = (process.env.SEEDS ?? '1 2').split(' ').map(Number)

let shared
after(async () => {
  if (!shared) return
  const [browser, stack] = await Promise.all(shared)
  await Promise.all([browser.close(), stack.stop()])
})

/** Notes, frame by frame, every combination of controls and rows that is shown while nothing is under way. */
const watch = (page) => page.evaluate(() => {
  window.seen = new Set()
  const root = document.querySelector('bigkey-tasks').shadowRoot
  const select = (label) => [...root.querySelectorAll('label')].find((each) => each.firstChild.textContent === label).querySelector('select').value
  const look = () => {
    const table = root.querySelector('[role=table]')
    if (table.getAttribute('aria-busy') === 'false') {
      window.seen.add(JSON.stringify({
        status: select('Status'), limit: select('Rows per page'),
        page: root.querySelector('nav [aria-current=page]')?.value, range: root.querySelector('.range').textContent,
        ids: [...table.querySelectorAll('tbody tr')].map((row) => row.firstChild.textContent),
      }))
    }
    requestAnimationFrame(look)
  }
  look()
})

/** What must be shown for these controls. */
function expected({ status, limit, page }) {
  const offset = (Number(page) - 1) * Number(limit)
  const { count, records } = answerTo({ status, limit, offset })
  return { range: `${offset + 1}–${offset + records.length} of ${count}`, ids: records.map((task) => task.id) }
}

for (const seed of SEEDS) {
  test(`answers in any order, some of them failures (seed ${seed}, ${CLICKS} clicks)`, { timeout: 240_000 }, async () => {
    shared ??= [launch(), startStack()]
    const [browser, stack] = await Promise.all(shared)
    const fixture = await openFixture(browser, stack.proxy)
    const { ui, page, calls } = fixture
    const project = `order-${seed}`
    const [dice, delays] = [random(seed), random(seed + 1000)]
    const pick = (all) => all[Math.floor(dice() * all.length)]
    stack.upstream.tell(project, (response, query) => {
      const [wait, fails] = [delays() ** 2 * 150, delays() < 0.15]
      setTimeout(() => {
        if (!fails) return success()(response, query)
        response.writeHead(500)
        response.end('{"error_code":"DCS.5000","error_msg":"Internal service error."}')
      }, wait)
    })
    try {
      await fixture.open({ project_id: project, instance_id: 'i', refresh: 'off' })
      await eventually(async () => assert.ok((await ui.rows.count()) > 0 || (await ui.alert.count()) > 0))
      for (let tries = 0; (await ui.rows.count()) === 0 && tries < 20; tries++) { await ui.refresh.press('Enter'); await ui.idle() }
      await watch(page)
      for (let click = 0; click < CLICKS; click++) {
        const kind = dice()
        if (kind < 0.6) await pick([ui.next, ui.next, ui.previous, ui.first, ui.last, ui.refresh]).press('Enter')
        else if (kind < 0.8) await ui.status.selectOption(pick(['', 'success', 'failed']))
        else await ui.limit.selectOption(pick(['10', '20']))
        // Now and then the reader looks at what came.
        if (dice() < 0.2) await ui.idle()
      }
      await ui.idle()
      stack.upstream.tell(project)
      await ui.refresh.press('Enter')
      const { query } = await fixture.lastCall()
      await ui.idle()
      const { offset = '0', limit = '10', status } = fixture.query()
      assert.deepEqual(query, { limit, offset, ...(status && { status }) }, 'the last call is that of the address')
      await eventually(async () => assert.deepEqual(await ui.ids(), answerTo({ status, limit, offset }).records.map((task) => task.id)))
      assert.equal(await ui.alert.count(), 0)
      const seen = (await page.evaluate(() => [...window.seen])).map((text) => JSON.parse(text))
      assert.ok(seen.length > 5, `only ${seen.length} views were seen`)
      assert.ok(calls.some((call) => call.status === 500) && calls.some((call) => call.state === 'aborted'), 'nothing failed, or nothing was overtaken')
      for (const view of seen) assert.deepEqual({ range: view.range, ids: view.ids }, expected(view), `rows of one query under the controls of another: ${JSON.stringify(view)}`)
      assert.deepEqual(fixture.faults, [])
    } finally {
      await fixture.context.close()
    }
  })
}
