// A list that moves under the reader, and a `count` that says anything: what is shown is what was served, what is said of
// it agrees with it, every row can be reached, and a file holds each task once.
import assert from 'node:assert/strict'
import { after, test as nodeTest } from 'node:test'
import { startStack } from '../matrix/cell.mjs'
import { MovingList } from '../matrix/moving.mjs'
import { success } from '../matrix/upstream.mjs'
import { eventually, launch, openFixture, random } from './stage.mjs'

const STEPS = Number(process.env.STEPS ?? 40)
const SEED = Number(process.env.SEED ?? 1)

let shared
after(async () => {
  if (!shared) return
  const [browser, stack] = await Promise.all(shared)
  await Promise.all([browser.close(), stack.stop()])
})

/** A test with a page of its own, and a service of its own that answers with what `serves` makes of a query. */
let projects = 0
function test(name, body) {
  nodeTest(name, { timeout: 120_000 }, async () => {
    shared ??= [launch(), startStack()]
    const [browser, stack] = await Promise.all(shared)
    const fixture = await openFixture(browser, stack.proxy)
    const project = `moving-${++projects}`
    const served = [] // every answer: the query, and what it said
    const serves = (make) => stack.upstream.tell(project, success((query) => {
      const answer = make(query)
      served.push({ query, ids: answer.records.map((task) => task.id) })
      return answer
    }))
    try {
      await body({ ...fixture, serves, served, opens: (query) => fixture.open({ project_id: project, instance_id: 'i', refresh: 'off', ...query }) })
      assert.deepEqual(fixture.faults, [])
    } finally {
      await fixture.context.close()
    }
  })
}

/** The view in one moment: what is said and what is there. */
const look = (page) => page.evaluate(() => {
  const root = document.querySelector('bigkey-tasks').shadowRoot
  const table = root.querySelector('[role=table]')
  const next = root.querySelector('button.next')
  return {
    busy: table.getAttribute('aria-busy') === 'true',
    range: root.querySelector('.range').textContent,
    page: Number(root.querySelector('nav [aria-current=page]')?.value),
    ids: [...table.querySelectorAll('tbody tr')].map((row) => row.firstChild.textContent),
    next: next.getAttribute('aria-disabled') !== 'true',
  }
})

/** The view once nothing is under way; throws where it contradicts itself or what was served. */
async function settled({ page, served, ui }, limit) {
  await ui.idle()
  let view
  await eventually(async () => {
    view = await look(page)
    assert.ok(!view.busy)
    assert.deepEqual(view.ids, served.at(-1).ids, 'the rows are not what was served last')
  })
  const told = JSON.stringify(view)
  assert.equal(new Set(view.ids).size, view.ids.length, `a row twice: ${told}`)
  const offset = Number(served.at(-1).query.offset ?? 0)
  if (view.ids.length === 0) assert.equal(view.range, '', told)
  else {
    const [, from, to, total] = /^(\d+)–(\d+)(?: of (\d+)|, total unknown)$/.exec(view.range)?.map(Number) ?? assert.fail(`range: ${told}`)
    assert.deepEqual([from, to], [offset + 1, offset + view.ids.length], `the range contradicts the rows: ${told}`)
    if (!Number.isNaN(total)) {
      assert.ok(to <= total, `more rows than there are: ${told}`)
      assert.equal(view.next, offset + limit < total, `the buttons contradict the range: ${told}`)
    }
  }
  assert.equal(view.page, Math.floor(offset / limit) + 1, `the page number: ${told}`)
  return view
}

test(`paging while tasks are inserted, end and go (seed ${SEED}, ${STEPS} steps)`, async (stage) => {
  const { ui, serves, served, opens } = stage
  const dice = random(SEED)
  const list = new MovingList(dice, { size: 95 })
  serves((query) => { list.move(); return list.page(query) })
  await opens({})
  for (let step = 0; step < STEPS; step++) {
    await settled(stage, 10)
    const [kind, before] = [dice(), served.length]
    if (kind < 0.1) list.tasks.length = Math.floor(list.tasks.length * dice()) // somebody cleans up
    if (kind > 0.9) list.insert(20)
    if (kind < 0.7) await [ui.next, ui.next, ui.last, ui.previous, ui.number(1)][step % 5].press('Enter')
    else await ui.status.selectOption(['running', 'failed', '', 'waiting', 'success', ''][step % 6])
    await ui.refresh.press('Enter') // some of them led nowhere
    await eventually(() => assert.ok(served.length > before))
  }
  await settled(stage, 10)
})

test('retention takes the page away under the reader: the last that is left is shown', async (stage) => {
  const { ui, serves, opens, saysAddress } = stage
  const list = new MovingList(random(SEED), { size: 100 })
  serves((query) => list.page(query))
  await opens({ offset: '90' })
  assert.equal((await settled(stage, 10)).range, '91–100 of 100')
  list.tasks.length = 63
  await ui.refresh.press('Enter')
  await ui.range(61, 63, 63).waitFor()
  await settled(stage, 10)
  await saysAddress({ offset: '60', refresh: 'off' })
  await ui.announces('61–63 of 63 tasks')
})

test('all that ran has ended while the reader looks at its second page: none run, and all tasks are a step away', async (stage) => {
  const { ui, serves, opens } = stage
  const list = new MovingList(random(SEED), { size: 40 })
  for (const task of list.tasks) task.status = 'running'
  serves((query) => list.page(query))
  await opens({ status: 'running', offset: '30' })
  await ui.range(31, 40, 40).waitFor()
  for (const task of list.tasks) task.status = 'success'
  await ui.refresh.press('Enter')
  await ui.text('No running tasks').waitFor()
  await settled(stage, 10)
  await ui.button('Show all tasks').press('Enter')
  await ui.range(1, 10, 40).waitFor()
  await settled(stage, 10)
})

// ---------------------------------------------------------------- count

const COUNTS = {
  right: (matching) => matching,
  absent: () => undefined,
  'of all tasks, whatever the filter': (_, all) => all,
  lower: (matching) => matching - 4,
  'lower than a page': () => 3,
  higher: (matching) => matching + 25,
  zero: () => 0,
  negative: () => -1,
  'a string': (matching) => String(matching),
  'a fraction': (matching) => matching + 0.5,
  null: () => null,
}

for (const [name, claim] of Object.entries(COUNTS)) {
  test(`count is ${name}: under a filter, Next reaches every task once, and ends`, async (stage) => {
    const { ui, serves, served, opens } = stage
    const list = new MovingList(random(SEED), { size: 47 })
    list.tasks.forEach((task, i) => { task.status = i % 2 ? 'failed' : 'success' })
    serves((query) => {
      const { count, ...answer } = list.page(query)
      return { ...answer, count: claim(count, list.tasks.length) }
    })
    await opens({ status: 'failed' })
    const expected = list.page({ limit: 1000, status: 'failed' }).records.map((task) => task.id)
    const seen = []
    for (let view = await settled(stage, 10), place = 0, pages = 0; ; pages++) {
      assert.ok(pages <= expected.length / 10 + 1, 'a walk without end')
      if (view.page !== place) seen.push(...view.ids)
      place = view.page
      if (!view.next) break
      const before = served.length
      await ui.next.press('Enter')
      await eventually(() => assert.ok(served.length > before))
      view = await settled(stage, 10)
    }
    assert.deepEqual(seen, expected)
    await ui.refresh.press('Enter')
    await settled(stage, 10)
  })
}

// ---------------------------------------------------------------- a file of all

const exported = (page) => page.evaluate(async () => {
  const file = await document.querySelector('bigkey-tasks').exportTasks({ format: 'json', scope: 'all' })
  return JSON.parse(await file.text()).map((task) => task.id)
})

test('a file of a list that moves holds what was served, each task once', async ({ page, ui, serves, served, opens }) => {
  const list = new MovingList(random(SEED))
  serves((query) => { list.move(); return list.page(query) })
  await opens({})
  await ui.idle()
  for (let i = 0; i < 5; i++) {
    const ids = await exported(page)
    assert.equal(served.at(-1).query.limit, '1000')
    assert.deepEqual(ids, served.at(-1).ids, 'all that is kept comes in one answer')
    assert.equal(new Set(ids).size, ids.length)
  }
})

test('a file that takes three answers, while tasks are inserted and removed by retention, and count says none', async ({ page, ui, serves, served, opens }) => {
  const list = new MovingList(random(SEED), { size: 2500, kept: 2500 })
  serves((query) => {
    const answer = { ...list.page(query), count: 0 }
    if (query.limit === '1000') list.insert(7)
    return answer
  })
  await opens({})
  await ui.idle()
  const there = list.tasks.map((task) => task.id)
  const ids = await exported(page)
  assert.equal(served.filter(({ query }) => query.limit === '1000').length, 3)
  assert.equal(new Set(ids).size, ids.length, 'a task twice')
  const kept = new Set(list.tasks.map((task) => task.id))
  assert.deepEqual(there.filter((id) => kept.has(id) && !ids.includes(id)), [], 'tasks that were there all along are missing')
})
