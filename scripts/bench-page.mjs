#!/usr/bin/env node
// What the page costs while it is open: a refresh that brings nothing new, its clock, ten long lists at once, a step
// through lists of different length, and what 300 such steps leave behind. It measures, and does not judge.
//   node scripts/bench-page.mjs [refresh] [clock] [scale] [switch] [memory]        which measurements (all: 3 minutes)
//
// dist/ behind the proxy's demo service, in a Chromium that is driven from outside: under Playwright's own emulation every
// page is in front and seen. Times are processor time of the page's main thread, which depends less on what else the
// machine does; those of `scale` are what a person waits. Each figure is a median; the greatest stands in brackets.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { DIST, startProxy } from '../tests/e2e/stage.mjs'

const { chromium } = createRequire(import.meta.url)('playwright-core')
const ARGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=en-GB', '--window-size=1280,900']
const SECONDS = 8 // for so long the clock is watched
const MEASUREMENTS = { refresh, clock, scale, switch: switches, memory }
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(MEASUREMENTS)
for (const name of wanted) if (!(name in MEASUREMENTS)) { console.error(`error: no measurement ${name}; there are: ${Object.keys(MEASUREMENTS).join(', ')}`); process.exit(2) }

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const ms = (number) => `${number.toFixed(Math.abs(number) < 10 ? 2 : 0)} ms`
const spread = (numbers) => (numbers.length ? `${ms(median(numbers))} (${ms(Math.max(...numbers))})` : 'none')
const grouped = (all, key) => all.reduce((groups, one) => groups.set(key(one), [...(groups.get(key(one)) ?? []), one]), new Map())
const sleep = (millis) => new Promise((next) => setTimeout(next, millis))
const lines = []
const tell = (what, measured, aim = '') => lines.push(`| ${what} | ${measured} | ${aim} |`)

// ---------------------------------------------------------------- in the page

/** Before all else in a page: what the measurements ask of it. */
function prepare() {
  const bench = (window.bench = { memories: [], events: [], tasks: [], pace: 0, since: 0 })
  const [{ instantiate }, { parse }, now] = [WebAssembly, JSON, Date.now]
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate(...args)
    bench.memories.push(made.exports.memory)
    return made
  }
  // The same tasks in a list of another length: the demo has none of 1,000.
  JSON.parse = (...args) => {
    const value = parse(...args)
    if (bench.count && value?.records) value.count = bench.count
    return value
  }
  Date.now = () => Math.round(now() + bench.pace * (performance.now() - bench.since))
  bench.hasten = (pace) => Object.assign(bench, { pace, since: performance.now() })
  bench.frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  bench.button = (list) => list.shadowRoot.querySelector('button[aria-label="Next page"]')
  /** Does what makes a list ask, until the answer is there and painted. */
  bench.until = (list, act) => new Promise((done) => {
    list.addEventListener('bigkey-load', () => bench.frames().then(done), { once: true })
    act()
  })
  bench.refresh = ([list] = bench.lists) => bench.until(list, () => list.refresh())
  bench.next = ([list] = bench.lists) => bench.until(list, () => bench.button(list).click())
  bench.goTo = (offset, [list] = bench.lists) => bench.until(list, () => list.setAttribute('offset', offset))
  /** Lists with these attributes in place of the page's own, which keeps its address in step: that costs too. */
  bench.show = async (lists) => {
    const main = document.querySelector('main')
    main.replaceChildren()
    bench.lists = lists.map(() => document.createElement('bigkey-tasks'))
    await Promise.all(bench.lists.map((list, i) => {
      for (const [name, value] of Object.entries(lists[i])) list.setAttribute(name, value)
      return bench.until(list, () => main.append(list))
    }))
  }
  /** Each change in the list during a refresh and for two frames after it. */
  bench.changes = async () => {
    const changes = []
    const observer = new MutationObserver((records) => {
      for (const { type, target, attributeName, oldValue } of records) {
        const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target
        const name = [element.localName, ...element.classList].slice(0, 2).join('.')
        const part = { attributes: `[${attributeName}]`, characterData: ' text', childList: ' children' }[type]
        const again = type === 'characterData' && oldValue === target.data ? ', the same again' : ''
        changes.push({ inside: Boolean(element.closest('[role=table]')), name: name + part + again })
      }
    })
    observer.observe(bench.lists[0].shadowRoot, { subtree: true, childList: true, characterDataOldValue: true, attributes: true })
    await bench.refresh()
    observer.disconnect()
    return changes
  }
  /** The answer of a refresh as text and JSON, without a list. */
  bench.fetch = async () => {
    const { name } = performance.getEntriesByType('resource').findLast(({ name }) => name.includes('/v2/'))
    parse(await (await fetch(name, { headers: { accept: 'application/json' }, cache: 'no-cache' })).text())
    await bench.frames()
  }
  /** Brings a list's Next page into view: where it is then. */
  bench.aim = async (index) => {
    const button = bench.button(bench.lists[index])
    for (let i = 0; i < 3; i++) { // rows get their real height as they come into view
      button.scrollIntoView({ block: 'center' })
      await bench.frames()
    }
    const { x, y, width, height } = button.getBoundingClientRect()
    return [x + width / 2, y + height / 2]
  }
  /** How long the click to come takes, to the second frame after it and to the new rows. */
  bench.listen = (index) => {
    const list = bench.lists[index]
    const clicked = new Promise((done) => list.addEventListener('click', ({ timeStamp }) => done(timeStamp), { once: true, capture: true }))
    const since = async (end) => { const start = await clicked; await end(); return performance.now() - start }
    const loaded = bench.until(list, () => {})
    bench.clicked = Promise.all([since(bench.frames), since(() => loaded)])
  }
  const observe = (options, keep) => new PerformanceObserver((all) => all.getEntries().forEach(keep)).observe(options)
  observe({ type: 'event', durationThreshold: 16 }, ({ interactionId, duration }) => { if (interactionId) bench.events.push([interactionId, duration]) })
  observe({ type: 'longtask' }, ({ duration }) => bench.tasks.push(duration))
}

// ---------------------------------------------------------------- from outside

/** A page with these lists: `{ page, cdp, run }`, where `run` calls a function of `bench` in it. */
async function show(...lists) {
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(`error in the page: ${error.message}`))
  await page.addInitScript(prepare)
  await page.goto(`${proxy.origin}/?project_id=bench&instance_id=empty&refresh=off`)
  await page.waitForFunction(() => document.querySelector('bigkey-tasks').shadowRoot.querySelector('[aria-busy=false]'))
  const run = (name, argument) => page.evaluate(([name, argument]) => window.bench[name](argument), [name, argument])
  await run('show', lists.map((list) => ({ 'project-id': 'bench', 'instance-id': 'million', refresh: 'off', ...list })))
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  return { page, cdp, run }
}

const metrics = async (cdp) => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]))

/** What the main thread spent on `act`, in milliseconds. */
async function cost(cdp, act) {
  const before = await metrics(cdp)
  await act()
  const after = await metrics(cdp)
  const spent = (name) => (after[`${name}Duration`] - before[`${name}Duration`]) * 1000
  return { script: spent('Script'), layout: spent('Layout') + spent('RecalcStyle'), all: spent('Task') }
}

const RENDERING = ['UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'Commit']
/** What the clock did in some seconds: each tick, what is drawn after one, and how many timers and frames there were in all. */
async function ticks() {
  const cdp = await browser.newBrowserCDPSession()
  const events = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  const complete = new Promise((done) => cdp.once('Tracing.tracingComplete', done))
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline'], excludedCategories: ['*'] } })
  await sleep(SECONDS * 1000)
  await cdp.send('Tracing.end')
  await complete
  await cdp.detach()
  const named = (...names) => events.filter(({ name }) => names.includes(name))
  const timers = named('TimerFire')
  // A tick is known by its setting the timer of the next one.
  const renews = ({ pid, tid, ts, dur }) => named('TimerInstall').some((event) => event.args.data.timeout === 1000 && event.pid === pid && event.tid === tid && event.ts >= ts && event.ts <= ts + dur)
  const all = timers.filter(renews)
  const rendering = named(...RENDERING).filter(({ pid, tid }) => pid === all[0]?.pid && tid === all[0]?.tid).reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0)
  return { times: all.map(({ tdur }) => tdur / 1000), rendering: rendering / all.length, timers: timers.length, frames: named('FireAnimationFrame').length }
}

// ---------------------------------------------------------------- the measurements

async function refresh() {
  for (const [which, status] of [['all over', 'success'], ['5 of them running', '']]) {
    const { page, cdp, run } = await show({ limit: 100, status })
    for (let i = 0; i < 5; i++) { await run('refresh'); await run('fetch') }
    const rounds = []
    for (let i = 0; i < 20; i++) rounds.push(await run('changes'))
    const changes = (within) => {
      const counts = rounds.map((one) => one.filter(({ inside }) => inside === within).length)
      const names = grouped(rounds.flat().filter(({ inside }) => inside === within), ({ name }) => name)
      const each = [...names].map(([name, { length }]) => `\`${name}\` ${Number((length / rounds.length).toFixed(2))}`)
      return `${median(counts)} (${Math.max(...counts)})${each.length ? `, on average ${each.join(', ')}` : ''}`
    }
    tell(`refresh without a change, 100 tasks, ${which}: changes in the table`, changes(true), '0, but for `aria-busy`')
    tell('— outside the table', changes(false), '0')
    const [bare, own] = [[], []]
    for (let i = 0; i < 20; i++) {
      const [without, one] = [await cost(cdp, () => run('fetch')), await cost(cdp, () => run('refresh'))]
      bare.push(without.all)
      own.push(Object.fromEntries(Object.entries(one).map(([name, spent]) => [name, spent - without[name]])))
    }
    const of = (name) => ms(median(own.map((one) => one[name])))
    tell('— main thread, beyond a fetch with `JSON.parse`', `${of('all')}: script ${of('script')}, layout ${of('layout')} (the fetch and two frames: ${ms(median(bare))})`, '< 1 ms')
    await page.close()
  }
}

async function clock() {
  const kinds = [['no row changes', { status: 'success', offset: 400_000 }, 0], ['running tasks count on', {}, 0], ['every instant told anew', {}, 86_400]]
  for (const limit of [100, 1000]) {
    for (const [kind, list, pace] of kinds) {
      const { page, run } = await show({ limit, ...list })
      await run('hasten', pace) // by 86,400, a second is a day
      await sleep(1000)
      const { times, rendering } = await ticks()
      tell(`tick, ${limit.toLocaleString('en')} rows, ${kind}`, `${spread(times)}, drawing ${ms(rendering)}; ${times.length} in ${SECONDS} s`, '< 0.5 ms')
      if (limit === 1000 && kind === kinds[1][0]) await behind(page)
      await page.close()
    }
  }
}

/** The clock of a page that nobody can see. */
async function behind(page) {
  const front = await context.newPage()
  await front.bringToFront()
  await page.waitForFunction(() => document.hidden, undefined, { polling: 100 })
  await sleep(1500) // the timer that was set before finds the page hidden
  const { timers, frames } = await ticks()
  await front.close()
  await page.bringToFront()
  await sleep(500)
  tell('— behind another tab', `${timers} timers and ${frames} frames in ${SECONDS} s; then in front, ${(await ticks()).times.length} ticks in ${SECONDS} s`, 'none')
}

async function scale() {
  for (const number of [1, 10]) {
    const { page, run } = await show(...Array.from({ length: number }, (_, i) => ({ limit: 1000, offset: i * 50_000 })))
    const [frame, shown] = [[], []]
    for (let i = -number; i < 30; i++) { // the first click in each list warms up
      if (i === 0) await page.evaluate(() => Object.assign(window.bench, { events: [], tasks: [] }))
      const index = (i + number) % number
      const at = await run('aim', index)
      await run('listen', index)
      await page.mouse.click(...at)
      const [toFrame, toRows] = await page.evaluate(() => window.bench.clicked)
      if (i >= 0) { frame.push(toFrame); shown.push(toRows) }
    }
    await sleep(500)
    const { events, tasks } = await page.evaluate(() => ({ events: window.bench.events, tasks: window.bench.tasks }))
    // One interaction is several events. Of one that takes less than 16 ms the browser reports nothing.
    const paints = [...grouped(events, ([id]) => id).values()].map((all) => Math.max(...all.map(([, duration]) => duration)))
    tell(`Next page in ${number === 1 ? 'one list' : `each of ${number} lists`} of 1,000 rows over a million tasks: to the next paint`, `${spread([...Array(Math.max(0, frame.length - paints.length)).fill(0), ...paints])} of ${frame.length} clicks`, '100 ms')
    tell('— from the click to the second frame', spread(frame), '100 ms')
    tell('— from the click to the new rows, with the fetch', `${spread(shown)}; tasks over 50 ms: ${tasks.length}, ${spread(tasks)}`)
    await page.close()
  }
}

async function switches() {
  const kinds = [['1,000 tasks, at the start', 1000, 0], ['1,000,000, at the start', 1e6, 0], ['1,000,000, far in', 1e6, 900_000], ['a million million, far in', 1e12, 900_000]]
  const costs = kinds.map(() => [])
  const { page, cdp, run } = await show({ limit: 100 })
  for (let round = 0; round < 5; round++) {
    for (const [i, [, count, offset]] of kinds.entries()) {
      await page.evaluate((count) => Object.assign(window.bench, { count }), count)
      await run('goTo', offset + 100)
      for (let step = 0; step < 6; step++) {
        const one = await cost(cdp, () => run('next'))
        if (round) costs[i].push(one) // the first round warms up
      }
    }
  }
  const of = (i, name) => ms(median(costs[i].map((one) => one[name])))
  for (const [i, [name]] of kinds.entries()) tell(`next page, 100 rows of ${name}`, `script ${of(i, 'script')}, layout ${of(i, 'layout')}, in all ${of(i, 'all')}`, i ? 'the same' : '')
  await page.close()
}

async function memory() {
  const { page, cdp, run } = await show({ limit: 100 })
  const held = async () => {
    for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage')
    const { JSHeapUsedSize, Nodes, JSEventListeners } = await metrics(cdp)
    const wasm = await page.evaluate(() => window.bench.memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0))
    return { 'JS heap, KiB': JSHeapUsedSize / 1024, 'wasm memory, KiB': wasm / 1024, nodes: Nodes, listeners: JSEventListeners }
  }
  const step = async (times) => { for (; times > 0; times--) await run('next') }
  await step(100)
  const before = await held()
  await step(200)
  const after = await held()
  for (const [name, value] of Object.entries(before)) tell(`${name}: after 100, and after 300 page switches of 100 rows`, `${value.toFixed(0)}, ${after[name].toFixed(0)}`, 'no growth')
  await page.close()
}

const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'bigkey-bench-'))
const proxy = await startProxy({ args: ['--log-level', 'warn'] })
const child = spawn(process.env.CHROMIUM || 'chromium', [...ARGS, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] })
const ended = new Promise((done) => child.once('close', done).once('error', done))
let browser, context
try {
  const address = new Promise((found) => {
    let said = ''
    child.stderr.on('data', (bytes) => { said += bytes; const [, at] = /DevTools listening on (ws:\S+)/.exec(said) ?? []; if (at) found(at) })
  })
  browser = await chromium.connectOverCDP(await Promise.race([address, ended.then(() => { throw new Error('Chromium ended') })]), { noDefaults: true })
  context = browser.contexts()[0]
  for (const name of wanted) await MEASUREMENTS[name]()
  console.log(`${path.relative(process.cwd(), DIST)}/ in Chromium ${browser.version()}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}; medians, and in brackets the greatest\n`)
  console.log(['| | measured | aim |', '|---|---|---|', ...lines].join('\n'))
} finally {
  child.kill('SIGTERM')
  await Promise.all([ended, proxy.stop()])
  fs.rmSync(profile, { recursive: true, force: true })
}
