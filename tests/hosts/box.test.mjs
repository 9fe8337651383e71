// The component stays in its box: what it takes it gives back, and the host's page stays as it was.
//   CYCLES=500 node --test tests/hosts/box.test.mjs     the long form
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { before, test } from 'node:test'
import { startProxy, startStatic } from '../../examples/hosts.mjs'
import { readApi } from '../../scripts/package/api.mjs'
import { INSTANCE, PROJECT, barePage, conforms, eventually, instrument, open, until } from './harness.mjs'

const CYCLES = Number(process.env.CYCLES ?? 50)
const LIMIT = { timeout: 60_000 + 1000 * CYCLES }
const MODULE = '/bigkey-tasks.js'
const box = barePage('box', '<input id="field"><main></main>')
const IDS = { projectId: PROJECT, instanceId: INSTANCE, refresh: 'off' }
let origin

before(async () => { origin = until(await startProxy(box)).origin })

/** What has listeners on the window and the document, as the browser's debugger sees it. */
async function hostListeners(cdp) {
  const found = []
  for (const expression of ['window', 'document', 'document.documentElement', 'document.body', 'document.head']) {
    const { result } = await cdp.send('Runtime.evaluate', { expression })
    const { listeners } = await cdp.send('DOMDebugger.getEventListeners', { objectId: result.objectId })
    found.push(...listeners.map(({ type }) => `${expression} ${type}`))
  }
  return found.sort()
}

async function measure(page, cdp) {
  // What is collected lets go of more, a task later: until nothing more comes free.
  let of
  for (let least = Infinity, rounds = 0; rounds < 20; rounds++) {
    await cdp.send('HeapProfiler.collectGarbage')
    const { metrics } = await cdp.send('Performance.getMetrics')
    of = (name) => metrics.find((each) => each.name === name).value
    if (rounds > 3 && of('JSHeapUsedSize') >= least) break
    least = Math.min(least, of('JSHeapUsedSize'))
  }
  return {
    heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners'), documents: of('Documents'),
    ...await page.evaluate(() => ({
      wasm: document.notes.memories.reduce((sum, each) => sum + (each.deref()?.buffer.byteLength ?? 0), 0), timers: [...document.notes.timers.keys()],
      kept: [...document.notes.listeners].filter(([, count]) => count !== 0),
    })),
  }
}

test(`${CYCLES} times attached and detached: nothing stays`, LIMIT, async (t) => {
  const { page, context, clean } = await open(origin, { init: instrument })
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable')
  const listenersBefore = await hostListeners(cdp)
  const pending = new Set()
  page.on('request', (request) => pending.add(request.url()))
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => pending.delete(request.url()))
  await page.evaluate((module) => import(module), MODULE)
  const cycle = (count) => page.evaluate(async ({ count, ids }) => {
    const main = document.querySelector('main')
    const again = document.createElement('bigkey-tasks')
    const task = () => new Promise((next) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => { port1.close(); next() }; port2.postMessage(0) })
    for (let i = 0; i < count; i++) {
      // By turns a new element and the same one; taken away once it is loaded, at once, in the middle of loading, or
      // while a timer of its own is set and a dialog is open.
      const element = i % 2 ? again : document.createElement('bigkey-tasks')
      Object.assign(element, { ...ids, limit: 10 + (i % 7), refresh: i % 3 ? 'off' : 'auto' })
      const loaded = new Promise((next) => element.addEventListener('bigkey-load', next, { once: true }))
      main.append(element)
      switch (i % 5) {
        case 0: case 1: await loaded; break
        case 2: break
        case 3: for (let tasks = i % 11; tasks > 0; tasks--) await task(); break
        default:
          await loaded
          element.shadowRoot.querySelector('td.id button').click()
          element.setAttribute('status', 'failed')
          element.shadowRoot.querySelector('nav button')?.click()
      }
      element.remove()
      await task()
    }
  }, { count, ids: IDS })

  // Warm: the browser compiles and notes types for some hundred rounds, and the wasm heap finds its size.
  await cycle(CYCLES)
  await page.waitForLoadState('networkidle')
  const first = await measure(page, cdp)
  await cycle(CYCLES)
  await page.waitForLoadState('networkidle')
  const last = await measure(page, cdp)
  const growth = (last.heap / first.heap - 1) * 100
  const mb = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`
  t.diagnostic(`${CYCLES} cycles: JavaScript heap ${mb(first.heap)} -> ${mb(last.heap)} (${growth.toFixed(2)} %), wasm memory ${mb(first.wasm)} -> ${mb(last.wasm)}, nodes ${first.nodes} -> ${last.nodes}, listeners ${first.listeners} -> ${last.listeners}, timers ${last.timers.length}, requests ${pending.size}`)
  assert.deepEqual(last.timers, [], 'timers')
  assert.deepEqual([...pending], [], 'requests')
  assert.deepEqual(last.kept, [], 'listeners outside the element')
  assert.deepEqual(await hostListeners(cdp), listenersBefore, 'listeners of the page')
  assert.ok(last.listeners <= first.listeners, `${last.listeners - first.listeners} listeners more`)
  assert.ok(last.nodes <= first.nodes + 10, `${last.nodes - first.nodes} nodes more`)
  assert.ok(growth < 5, `the JavaScript heap grew by ${growth.toFixed(1)} %`)
  assert.ok(last.wasm <= first.wasm * 1.05, `the wasm memory grew from ${mb(first.wasm)} to ${mb(last.wasm)}`)
  clean()
  await context.close()
})

test('the page around it stays as it was: names, title, head, focus, scroll, history, listeners', LIMIT, async () => {
  const { page, context, ui, clean } = await open(origin)
  const cdp = await context.newCDPSession(page)
  const state = () => page.evaluate(() => ({
    names: Object.getOwnPropertyNames(window).sort(), title: document.title, head: document.head.outerHTML,
    attributes: [document.documentElement, document.body].map((each) => each.cloneNode(false).outerHTML),
    sheets: document.adoptedStyleSheets.length, focus: document.activeElement.id, scroll: [scrollX, scrollY],
    history: history.length, address: location.href, state: history.state, restoration: history.scrollRestoration, cookie: document.cookie,
    storage: [localStorage.length, sessionStorage.length], elements: document.body.querySelectorAll('*').length,
  }))
  await page.evaluate(() => {
    const tall = document.querySelector('main')
    tall.style.setProperty('padding-block', '100vh')
    document.querySelector('#field').focus()
    scrollTo(0, 40)
  })
  const [before, listeners] = [await state(), await hostListeners(cdp)]
  await page.evaluate(async ({ module, ids }) => {
    await import(module)
    window.setTimeout(() => {})
    const element = Object.assign(document.createElement('bigkey-tasks'), ids)
    document.querySelector('main').append(element)
  }, { module: MODULE, ids: IDS })
  await ui.shows(1, 10)
  assert.deepEqual(await state(), { ...before, elements: before.elements + 1 })
  assert.deepEqual(await hostListeners(cdp), listeners, 'listeners while attached')
  await page.evaluate(() => document.querySelector('bigkey-tasks').setAttribute('offset', '20'))
  await ui.shows(21, 30)
  await page.evaluate(() => document.querySelector('bigkey-tasks').refresh())
  assert.deepEqual(await state(), { ...before, elements: before.elements + 1 })
  // A person's steps move the focus, and nothing else.
  await ui.previous.click()
  await ui.shows(11, 20)
  const { focus, scroll, ...rest } = await state()
  const { focus: _focus, scroll: _scroll, ...restBefore } = before
  assert.deepEqual(rest, { ...restBefore, elements: before.elements + 1 })
  await page.evaluate(() => document.querySelector('bigkey-tasks').remove())
  await eventually(async () => assert.deepEqual(await hostListeners(cdp), listeners, 'listeners when detached'))
  clean()
  await context.close()
})

test('properties set before the definition count', LIMIT, async () => {
  const { page, context, ui, clean } = await open(origin)
  await page.evaluate(({ ids }) => {
    const element = document.createElement('bigkey-tasks')
    Object.assign(element, ids, { limit: 20, offset: 5, timeZone: 'UTC' })
    document.querySelector('main').append(element)
  }, { ids: IDS })
  await page.evaluate((module) => import(module), MODULE)
  await ui.shows(6, 25)
  const seen = await page.evaluate(() => {
    const element = document.querySelector('bigkey-tasks')
    return { own: Object.keys(element), values: [element.limit, element.offset, element.timeZone, typeof element.refresh], attributes: ['limit', 'offset', 'time-zone', 'refresh'].map((name) => element.getAttribute(name)) }
  })
  assert.deepEqual(seen, { own: [], values: [20, 5, 'UTC', 'function'], attributes: ['20', '5', 'UTC', 'off'] })
  clean()
  await context.close()
})

/** A page with one loaded element. */
async function loaded(options) {
  const opened = await open(origin, options)
  await opened.page.evaluate(async ({ module, ids }) => {
    await import(module)
    document.querySelector('main').append(Object.assign(document.createElement('bigkey-tasks'), ids))
  }, { module: MODULE, ids: IDS })
  await opened.ui.shows(1, 10)
  return opened
}

test('attributes and properties are one value, and a person’s steps are written to both', LIMIT, async () => {
  const { page, context, ui, clean } = await loaded()
  const differing = await page.evaluate((attributes) => {
    const element = document.createElement('bigkey-tasks')
    const samples = { offset: 30, limit: 50, 'url-sync': true, status: 'failed', refresh: 'off', theme: 'dark' }
    const wrong = []
    for (const { name, property } of attributes) {
      const sample = samples[name] ?? 'x'
      const isMethod = typeof element[property] === 'function'
      element[property] = sample
      if (element.getAttribute(name) !== (sample === true ? '' : String(sample))) wrong.push(`${property} does not set ${name}`)
      if (!isMethod && element[property] !== sample) wrong.push(`${property} does not keep its value`)
      element.removeAttribute(name)
      element.setAttribute(name, sample === true ? '' : sample)
      if (!isMethod && element[property] !== sample) wrong.push(`${name} does not set ${property}`)
      element[property] = sample === true ? false : null
      if (element.hasAttribute(name)) wrong.push(`${property} does not remove ${name}`)
    }
    return wrong
  }, readApi().attributes.filter(({ property }) => property))
  assert.deepEqual(differing, [])
  await ui.next.click()
  await ui.shows(11, 20)
  const values = () => page.evaluate(() => { const e = document.querySelector('bigkey-tasks'); return [e.offset, e.getAttribute('offset'), e.limit, e.status, e.getAttribute('status')] })
  assert.deepEqual(await values(), [10, '10', 10, '', null])
  await ui.status.selectOption('failed')
  await ui.idle()
  assert.deepEqual(await values(), [0, null, 10, 'failed', 'failed'])
  await page.evaluate(() => { document.querySelector('bigkey-tasks').status = '' })
  await ui.shows(1, 10)
  await page.evaluate(() => document.querySelector('bigkey-tasks').setAttribute('limit', '20'))
  await ui.shows(1, 20)
  assert.equal(await ui.limit.inputValue(), '20')
  clean()
  await context.close()
})

test('moved within the document it keeps its state; taken out and put back it starts again', LIMIT, async () => {
  const { page, context, ui, clean } = await loaded()
  await ui.next.click()
  await ui.shows(11, 20)
  const moved = await page.evaluate(async () => {
    const element = document.querySelector('bigkey-tasks')
    const table = element.shadowRoot.querySelector('table')
    const same = []
    const elsewhere = document.body.appendChild(document.createElement('section'))
    elsewhere.append(element)
    await element.refresh()
    same.push(element.shadowRoot.querySelector('table') === table)
    if (document.body.moveBefore) {
      document.body.moveBefore(element, null)
      await element.refresh()
      same.push(element.shadowRoot.querySelector('table') === table)
    }
    return same
  })
  assert.deepEqual([...new Set(moved)], [true])
  await ui.shows(11, 20)
  await page.evaluate(async () => {
    const element = document.querySelector('bigkey-tasks')
    element.remove()
    while (element.shadowRoot.querySelector('table')) await new Promise(requestAnimationFrame)
    document.body.append(element)
  })
  await ui.shows(11, 20)
  clean()
  await context.close()
})

test('events bubble, cross shadow roots, and carry the plain data of the types', LIMIT, async () => {
  const { page, context, ui, clean } = await open(origin)
  const task = (status, extra = {}) => ({ id: 'task-1', scan_type: 'manual', status, created_at: '2024-01-01T00:00:00.000Z', started_at: '2024-01-01T00:00:01.000Z', ...extra })
  const answers = [
    [task('running')], [task('success', { finished_at: '2024-01-01T00:00:09.000Z' })], [task('success')],
  ].map(([first]) => ({ count: 30, records: Array.from({ length: 10 }, (_, i) => (i ? { ...first, id: `other-${i}`, status: 'failed' } : first)) }))
  await page.route('**/v2/**', (route) => {
    const answer = answers.shift()
    return answer ? route.fulfill({ json: { instance_id: 'x', ...answer } }) : route.fulfill({ status: 400, headers: { 'x-request-id': 'r-1' }, json: { error_code: 'DCS.4922', error_msg: 'No.' } })
  })
  await page.evaluate(async ({ module, ids, names }) => {
    await import(module)
    const seen = (document.seen = [])
    const isPlain = (value) => value === null || typeof value !== 'object' || ([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)) && Object.values(value).every(isPlain))
    for (const name of names) document.addEventListener(name, (event) => seen.push({ name, plain: isPlain(event.detail), detail: structuredClone(event.detail), cancelable: event.cancelable, composed: event.composed, bubbles: event.bubbles, custom: event instanceof CustomEvent }))
    // Within a shadow root of the host's own: only composed events get out.
    const wrapper = document.querySelector('main').appendChild(document.createElement('div'))
    const root = wrapper.attachShadow({ mode: 'open' })
    root.append(document.body.element = Object.assign(document.createElement('bigkey-tasks'), ids))
  }, { module: MODULE, ids: IDS, names: readApi().events.map(({ name }) => name) })
  const seen = (name) => page.evaluate((name) => document.seen.filter((event) => event.name === name), name)
  const first = async (name) => { await eventually(async () => assert.ok((await seen(name)).length > 0, name)); return (await seen(name)).at(-1) }
  await first('bigkey-load')
  await page.evaluate(() => document.body.element.refresh())
  await first('bigkey-task-finish')
  await ui.next.click()
  await first('bigkey-query-change')
  await eventually(async () => assert.equal((await seen('bigkey-load')).length, 3))
  await ui.rows.first().getByRole('button').first().click()
  await first('bigkey-task-select')
  await page.keyboard.press('Escape')
  await page.evaluate(() => document.body.element.refresh().catch(() => {}))
  const error = await first('bigkey-error')
  assert.deepEqual(error.detail, { query: { projectId: PROJECT, instanceId: INSTANCE, status: '', offset: 10, limit: 10 }, kind: 'refused', status: 400, errorCode: 'DCS.4922', errorMsg: 'No.', requestId: 'r-1' })

  const { events, types } = readApi()
  for (const { name, cancelable, detail } of events) {
    const event = await first(name)
    assert.deepEqual({ ...event, detail: 0, name }, { name, plain: true, detail: 0, cancelable, composed: true, bubbles: true, custom: true })
    conforms(event.detail, types.find((type) => type.name === detail), types)
  }
  clean()
  await context.close()
})

test('a task opens in the element’s own dialog unless the host shows it', LIMIT, async () => {
  const { page, context, ui, clean } = await loaded()
  const dialog = page.getByRole('dialog')
  await ui.rows.first().getByRole('button').first().click()
  await dialog.waitFor()
  const id = (await ui.rows.first().getByRole('cell').first().textContent()).trim()
  assert.ok((await dialog.innerText()).includes(id))
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await page.evaluate(() => document.addEventListener('bigkey-task-select', (event) => { event.preventDefault(); document.body.dataset.task = event.detail.task.id }))
  await ui.rows.nth(1).getByRole('button').first().click()
  await eventually(async () => assert.match(await page.evaluate(() => document.body.dataset.task), /./))
  assert.ok(!(await dialog.isVisible()))
  clean()
  await context.close()
})

// ---------------------------------------------------------------- failures with a name

const POLICY = (script, connect) => ({ 'content-security-policy': `default-src 'none'; script-src 'self' ${script}; connect-src ${connect}; img-src data:` })
const isWasm = (pathname) => pathname.endsWith('.wasm')
const FAILURES = [
  ['the file is missing', 'missing', /does not have the \.wasm file/, { answer: (at, response) => isWasm(at) && response.writeHead(404).end() }],
  ['the server fails', 'network', /could not be loaded/, { answer: (at, response) => isWasm(at) && response.writeHead(503).end() }],
  ['the type is wrong', 'mime', /application\/wasm/, { answer: (at, response) => isWasm(at) && response.writeHead(200, { 'content-type': 'text/plain' }).end('x') }],
  ['a sign-in page comes instead', 'mime', /application\/wasm/, { answer: (at, response) => isWasm(at) && response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in') }],
  ['the file is damaged', 'broken', /damaged/, { answer: (at, response) => isWasm(at) && response.writeHead(200, { 'content-type': 'application/wasm' }).end('no wasm') }],
  ['the connection breaks', 'network', /connection/i, { answer: (at, response) => isWasm(at) && response.destroy() }],
  ['the connection breaks in the middle', 'network', /connection/i, {
    answer: (at, response) => {
      if (!isWasm(at)) return false
      const bytes = fs.readFileSync(path.join(box, 'bigkey-tasks_bg.wasm'))
      response.writeHead(200, { 'content-type': 'application/wasm', 'content-length': bytes.length })
      response.write(bytes.subarray(0, 5000), () => response.destroy())
      return true
    },
  }],
  ['the policy forbids WebAssembly', 'csp', /wasm-unsafe-eval/, { headers: POLICY('', "'self'") }],
  ['the policy forbids the request', 'csp', /connect-src/, { headers: POLICY("'wasm-unsafe-eval'", "'none'") }],
  ['there is no WebAssembly', 'unsupported', /no WebAssembly/, {}, () => { delete window.WebAssembly }],
]
for (const [name, code, text, server, init] of FAILURES) {
  test(`it says so when ${name}`, LIMIT, async () => {
    const host = until(await startStatic(box, server))
    const { page, context, faults } = await open(host.origin, { init })
    await page.evaluate(async ({ module, ids }) => {
      document.addEventListener('bigkey-error', (event) => { document.body.error = event.detail })
      const element = Object.assign(document.createElement('bigkey-tasks'), ids)
      element.textContent = 'Fallback'
      document.querySelector('main').append(element)
      await import(module)
    }, { module: MODULE, ids: IDS })
    const alert = page.getByRole('alert')
    await alert.waitFor()
    assert.match(await alert.innerText(), text)
    const detail = await page.evaluate(() => document.body.error)
    assert.equal(detail.kind, 'load')
    assert.equal(detail.errorCode, code)
    const { types } = readApi()
    conforms(detail, types.find((type) => type.name === 'BigkeyErrorDetail'), types)
    assert.deepEqual(faults.filter((fault) => fault.startsWith('uncaught')), [], 'nothing uncaught')
    await context.close()
  })
}

test('a violation of the host’s own is not taken for the reason', LIMIT, async () => {
  let reported
  const violated = new Promise((resolve) => { reported = resolve })
  const answer = (at, response) => isWasm(at) && (violated.then(() => response.writeHead(404).end()), true)
  const host = until(await startStatic(box, { headers: { 'content-security-policy': "img-src 'none'" }, answer }))
  const { page, context } = await open(host.origin)
  try {
    await page.evaluate(async (module) => {
      document.addEventListener('bigkey-error', (event) => { document.body.error = event.detail })
      document.body.append(document.createElement('bigkey-tasks'))
      await import(module)
      const violation = new Promise((next) => document.addEventListener('securitypolicyviolation', next, { once: true }))
      document.body.append(Object.assign(new Image(), { src: '/blocked.png' }))
      await violation
    }, MODULE)
    reported()
    await page.getByRole('alert').waitFor()
    assert.equal(await page.evaluate(() => document.body.error.errorCode), 'missing')
  } finally {
    await context.close()
  }
})

test('who waits for a refresh hears of it when the element is taken away', LIMIT, async () => {
  const { page, context } = await loaded()
  try {
    const outcome = await page.evaluate(async () => {
      const element = document.querySelector('bigkey-tasks')
      const refreshed = element.refresh().then(() => 'fulfilled', () => 'rejected')
      element.remove()
      return refreshed
    })
    assert.equal(outcome, 'rejected')
  } finally {
    await context.close()
  }
})

test('the fallback shows until it is up, and Retry starts it once the server has recovered', LIMIT, async () => {
  let isDown = true
  const proxied = origin
  const host = until(await startStatic(box, { answer: (at, response) => {
    if (isWasm(at) && isDown) { response.writeHead(404).end(); return true }
    if (!at.startsWith('/v2/')) return false
    fetch(proxied + at + '?limit=10&offset=0').then(async (answer) => { response.writeHead(answer.status, { 'content-type': 'application/json' }); response.end(await answer.text()) })
    return true
  } }))
  const { page, context, ui } = await open(host.origin)
  await page.evaluate(({ ids }) => {
    const element = Object.assign(document.createElement('bigkey-tasks'), ids)
    element.append(Object.assign(document.createElement('p'), { textContent: 'Fallback' }))
    document.querySelector('main').append(element)
  }, { ids: IDS })
  assert.ok(await page.getByText('Fallback').isVisible())
  await page.evaluate((module) => import(module), MODULE)
  await page.getByRole('alert').waitFor()
  isDown = false
  await ui.retry.click()
  await ui.shows(1, 10)
  assert.ok(!(await page.getByText('Fallback').isVisible()))
  await context.close()
})

test('wasm-url and configure say where the wasm file is', LIMIT, async () => {
  const host = until(await startStatic(box, { answer: (at, response) => {
    if (at === '/bigkey-tasks_bg.wasm') { response.writeHead(404).end(); return true }
    if (at !== '/elsewhere/list.wasm') return false
    response.writeHead(200, { 'content-type': 'application/wasm' }).end(fs.readFileSync(path.join(box, 'bigkey-tasks_bg.wasm')))
    return true
  } }))
  for (const way of ['attribute', 'configure']) {
    const { page, context, ui } = await open(host.origin)
    await page.evaluate(async ({ way, module }) => {
      const element = document.createElement('bigkey-tasks')
      if (way === 'attribute') element.setAttribute('wasm-url', 'elsewhere/list.wasm')
      else (await import(module)).configure({ wasmUrl: 'elsewhere/list.wasm' })
      document.querySelector('main').append(element)
      await import(module)
    }, { way, module: MODULE })
    await ui.show.waitFor()
    await context.close()
  }
})
