// One cell of the fault matrix: a reader's action, a fault that begins with it and ends, and what must hold all along.
import assert from 'node:assert/strict'
import { eventually, openFixture, startProxy } from '../e2e/stage.mjs'
import { TASKS, page as answerTo, startUpstream, success } from './upstream.mjs'

const ENV = { BIGKEY_TOKEN: 'a-token-for-tests', BIGKEY_ALLOW: '*/*' }
const LAX = `${import.meta.dirname}/lax.toml`
const ROWS = answerTo({}).records
const idsOf = (query) => answerTo(query).records.map((task) => task.id)
const RANGE = (from, to, total) => `${from}–${to} of ${total}`
const FAILED = answerTo({ status: 'failed' })

/** A service and a proxy before it. */
export async function startStack({ lax = false } = {}) {
  const upstream = await startUpstream()
  const args = ['--cache-ttl', '0s', '--log-level', 'error', ...(lax ? ['--config', LAX] : [])]
  const proxyTo = (origin, port = 0) => startProxy({ port, upstream: origin, args, env: ENV })
  return {
    upstream, proxy: await proxyTo(upstream.origin),
    /** Ends the proxy, if it has not ended, and starts another in its place. */
    async restartProxy(origin = upstream.origin) {
      await this.proxy.stop()
      this.proxy = await proxyTo(origin, this.proxy.port)
    },
    async stop() { await this.proxy.stop(); await upstream.stop().catch(() => {}) },
  }
}

/**
 * What a reader does. `from`: the state that it starts in; `focus`: the control that it is done with; `does`: how;
 * `leads`: the query that is asked for.
 */
const ACTIONS = {
  'first load': { leads: {}, does: ({ opens }) => opens() },
  refresh: { from: 'rows', leads: {}, focus: (ui) => ui.refresh, does: (_, control) => control.press('Enter') },
  'next page': { from: 'rows', leads: { offset: 10 }, named: 'Page 2', focus: (ui) => ui.next, does: (_, control) => control.press('Enter') },
  'filter change': { from: 'rows', leads: { status: 'failed' }, named: 'Failed', focus: (ui) => ui.status, does: (_, control) => control.selectOption('failed') },
  Retry: { from: 'failure', leads: {}, focus: (ui) => ui.retry, does: (_, control) => control.press('Enter') },
  'by itself': { from: 'rows', leads: {}, polls: true, focus: (ui) => ui.zone, does: (stage) => stage.passes(() => stage.calls.length > stage.base) },
  export: { from: 'rows', leads: {}, focus: (ui) => ui.refresh, does: (stage) => { stage.exporting = exportAll(stage.page) } },
}

const exportAll = (page) => page.evaluate(() => document.querySelector('bigkey-tasks').exportTasks({ format: 'csv', scope: 'all' })
  .then(async (file) => ({ lines: (await file.text()).trimEnd().split('\r\n').length - 1 }), (error) => ({ error: String(error?.message), named: error instanceof Error })))

let cellsRun = 0

/** Runs one cell; throws what does not hold. `stacks`: those that cells share, `usual` and `lax`. */
export async function runCell(browser, stacks, { action, fault }) {
  const stack = fault.own ? await startStack() : stacks[fault.lax ? 'lax' : 'usual']
  const step = ACTIONS[action]
  const fixture = await openFixture(browser, stack.proxy)
  const stage = { ...fixture, stack, upstream: stack.upstream, project: `cell-${++cellsRun}`, probes: 0, ...waiting(fixture, fault.clock || step.polls) }
  try {
    if (fault.clock || step.polls) await stage.page.clock.install()
    await start(stage, step, fault)
    if (fault.late) await late(stage, step, fault)
    else if (action === 'export') await exports(stage, fault)
    else if (step.polls && fault.offline) await waitsOffline(stage, fault)
    else await failsAndRecovers(stage, step, fault)
    assert.equal(await stage.ui.button('Restart').count(), 0, 'it crashed')
    assert.deepEqual(stage.faults, action === 'export' && fault.warns ? [fault.warns] : [], 'faults of the page')
    assert.ok(stage.upstream.asked(stage.project).length <= stage.calls.length + stage.probes, 'the proxy asked more often than the page')
  } finally {
    stack.upstream.release(stage.project)
    await stage.context.close()
    if (fault.own) await stack.stop()
  }
}

/** How time passes: in a page with a virtual clock, by moving that; else by itself. */
function waiting({ page }, virtual) {
  return {
    /** Waits until `check` is true, for as long as a reader would: ten minutes of virtual time. */
    async passes(check, step = 1000, most = 600_000) {
      if (!virtual) return eventually(async () => assert.ok(await check()))
      for (let passed = 0; !(await check()); passed += step) {
        assert.ok(passed < most, `nothing came of ${most / 1000} s`)
        await page.clock.runFor(step)
        await page.evaluate(() => new Promise((next) => { const { port1, port2 } = new MessageChannel(); port2.onmessage = next; port1.postMessage(0) }))
      }
    },
  }
}

// ---------------------------------------------------------------- before

/** Brings the page to where the action starts, and the fault to where it begins. */
async function start(stage, step, fault) {
  const { page, ui, upstream, project } = stage
  const ids = { project_id: project, instance_id: 'i' }
  const refresh = step.polls ? '5' : 'off'
  const begin = async () => {
    if (fault.answer) upstream.tell(project, fault.answer)
    await fault.begin?.(stage)
  }
  if (!step.from) {
    stage.base = 0
    if (!fault.pageFirst) {
      await begin()
      stage.opens = () => stage.open({ ...ids, refresh })
    } else {
      await page.goto(stage.address({ refresh }))
      await ui.project.fill(project)
      await ui.instance.fill('i')
      await begin()
      stage.opens = () => ui.show.click()
    }
    return
  }
  if (step.from === 'failure') {
    await stage.open({ ...ids, refresh })
    await ui.shows(1, 10, TASKS)
    upstream.tell(project, (response) => { response.writeHead(500); response.end('{"error_code":"BEFORE","error_msg":"Before."}') })
    await ui.refresh.press('Enter')
    await ui.alert.waitFor()
    await ui.idle()
  } else {
    await stage.open({ ...ids, refresh })
    await ui.shows(1, 10, TASKS)
  }
  await step.focus(ui).focus()
  stage.base = stage.calls.length
  await begin()
}

async function end(stage, fault) {
  stage.upstream.tell(stage.project)
  await fault.end?.(stage)
  // While the proxy keeps everybody away from a service that asked for a pause, nothing can have ended.
  if (fault.pause) await eventually(async () => assert.ok((await fetch(`${stage.proxy.origin}/v2/${stage.project}/instances/i/bigkey-tasks`)).ok))
  if (fault.pause) stage.probes = 1 // that went up
}

// ---------------------------------------------------------------- fault and recovery

async function failsAndRecovers(stage, step, fault) {
  const { ui, calls } = stage
  const focused = await focus(stage)
  await step.does(stage, step.focus?.(ui))
  if (fault.title) await showsFailure(stage, step, fault)
  else await showsOddRows(stage, step, fault)
  assert.equal(calls.length, stage.base + 1, 'requests for the action')
  await keepsFocus(stage, step, focused)

  await end(stage, fault)
  const before = calls.length
  if (step.polls) await stage.passes(async () => calls.length > before && (await ui.alert.count()) === 0)
  else await ((await ui.retry.count()) ? ui.retry : ui.refresh).press('Enter')
  await showsView(stage, step.leads)
  if (!step.polls) assert.equal(calls.length, before + 1, 'requests for the recovery')
}

/** A page that knows that it has no network asks nothing by itself, keeps its rows, and goes on when there is one. */
async function waitsOffline(stage, fault) {
  const { page, ui, calls } = stage
  const focused = await focus(stage)
  await page.clock.runFor(60_000)
  const told = await ui.visibleText()
  assert.equal(calls.length, stage.base, 'requests without a network')
  assert.equal(await ui.alert.count(), 0, 'an alert')
  await controlsSay(stage, {}, RANGE(1, 10, TASKS))
  assert.match(told, /Updated .*ago/)
  await end(stage, fault)
  await stage.passes(() => calls.length > stage.base)
  await showsView(stage, {})
  assert.equal(await focus(stage), focused, 'the focus moved')
}

/** The alert names the cause; the rows from before stay, under the controls that belong to them. */
async function showsFailure(stage, step, fault) {
  const { ui } = stage
  const text = () => ui.alert.innerText()
  await stage.passes(async () => (await ui.alert.count()) && (await text()).includes(fault.title), 1000, 90_000)
  await ui.idle()
  const told = await text()
  for (const part of fault.says) assert.ok(told.includes(part), `the alert "${told}" lacks "${part}"`)
  assert.doesNotMatch(told, /<\/?[a-z]+>|undefined|NaN|\[object|SyntaxError|TypeError|BEFORE/)
  assert.equal(await ui.retry.count(), fault.retry ? 1 : 0, fault.retry ? 'there is no Retry' : 'there is a Retry that cannot help')
  if (!step.from) {
    assert.equal(await ui.rows.count(), 0)
    assert.equal(await ui.text('No big key analysis tasks').count(), 0, 'an error looks like an empty list')
    return
  }
  if (step.named) assert.ok(told.includes(step.named), `the alert "${told}" does not name the view that is not there`)
  assert.deepEqual(await ui.ids(), ROWS.map((task) => task.id), 'the rows from before')
  await controlsSay(stage, {}, RANGE(1, 10, TASKS))
}

async function showsOddRows({ ui, passes }, step, fault) {
  const read = async () => [await ui.visibleText(), await ui.table.textContent()].join('\n')
  // The rows from before may look alike, so what tells the answer apart is that the latest call is over.
  await passes(async () => (await ui.table.count()) > 0 && (await ui.table.getAttribute('aria-busy')) === 'false')
  await eventually(async () => {
    assert.equal(await ui.alert.count(), 0, 'an alert')
    assert.equal(await ui.rows.count(), fault.rows)
  })
  const text = await read()
  for (const part of fault.says) assert.ok(text.includes(part), `the page lacks "${part}"`)
  assert.doesNotMatch(text, /undefined|NaN|\bnull\b|\[object/)
}

/** The view of `query` is there, whole: rows, range, controls, and nothing else to say. */
async function showsView(stage, query) {
  const { ui } = stage
  const { count, records } = answerTo(query)
  await eventually(async () => {
    assert.notEqual(await ui.table.getAttribute('aria-busy'), 'true')
    assert.equal(await ui.alert.count(), 0, 'the alert stays')
    assert.deepEqual(await ui.ids(), records.map((task) => task.id))
  })
  const from = Number(query.offset ?? 0) + 1
  await controlsSay(stage, query, RANGE(from, from + records.length - 1, count))
}

async function controlsSay({ ui }, { offset = 0, status = '' }, range) {
  await eventually(async () => {
    assert.equal(await ui.status.inputValue(), status, 'the filter')
    assert.equal(await ui.limit.inputValue(), '10', 'rows per page')
    assert.equal(await ui.number(offset / 10 + 1).getAttribute('aria-current'), 'page', 'the current page')
    assert.equal(await ui.text(range).count(), 1, `the range is not ${range}`)
  })
}

/** What has the focus, told so that another element reads differently. */
const focus = ({ page }) => page.evaluate(() => {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element ? `${element.tagName} ${element.className} ${element.getAttribute('aria-label') ?? element.textContent}` : 'nothing'
})

/** The focus is where it was; from a button that went away it has moved on to the table. */
async function keepsFocus(stage, step, focused) {
  if (!step.from) return
  const gone = step.from === 'failure' && !(await stage.ui.retry.count())
  const now = await focus(stage)
  if (gone) assert.match(now, /^DIV scroller/, 'the focus is not on the table')
  else assert.equal(now.replace(/ loading\b/, ''), focused.replace(/ loading\b/, ''), 'the focus moved')
}

// ---------------------------------------------------------------- export

/** The file is whole, or there is none and the error is named; the view is left alone, whatever comes. */
async function exports(stage, fault) {
  const { ui, calls, upstream, project } = stage
  const focused = await focus(stage)
  ACTIONS.export.does(stage)
  if (fault.clock) {
    await eventually(() => assert.equal(upstream.held(project), 1))
    await stage.page.clock.runFor(31_000)
  }
  const result = await stage.exporting
  if (fault.unloaded) assert.match(result.error, /^A script could not be loaded\. Check the connection/)
  else if (fault.title) assert.deepEqual(result, { error: fault.title, named: true })
  else assert.equal(result.lines, fault.exported, 'tasks in the file')
  const asked = calls.length - stage.base
  assert.ok(asked === (fault.unloaded ? 0 : 1) || (!fault.title && asked === (fault.asked ?? Math.ceil((fault.exported + 1) / 1000))), `${asked} requests for the export`)
  assert.ok(calls.slice(stage.base).every((call) => call.query.limit === '1000'))
  await showsView(stage, {})
  assert.equal(await focus(stage), focused, 'the focus moved')
  await end(stage, fault)
  assert.deepEqual(await exportAll(stage.page), { lines: TASKS })
}

// ---------------------------------------------------------------- a late answer

/** The filter is changed while an answer is under way: its late coming changes nothing. */
async function late(stage, step) {
  const { ui, calls, upstream, project } = stage
  await step.does(stage, step.focus?.(ui))
  await stage.passes(() => upstream.held(project) === 1)
  await ui.status.selectOption('success')
  await showsView(stage, { status: 'success' })
  upstream.release(project)
  if (stage.exporting) assert.deepEqual(await stage.exporting, { lines: TASKS })
  // Over a connection of the page's own, so what came late has come.
  await ui.refresh.press('Enter')
  await eventually(() => assert.equal(calls.length, stage.base + 3))
  await showsView(stage, { status: 'success' })
  assert.equal(await ui.status.inputValue(), 'success')
}
