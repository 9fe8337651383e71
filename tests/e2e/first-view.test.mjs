import assert from 'node:assert/strict'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { COLUMNS, DIST, INSTANCE, PROJECT, eventually, startProxy, test } from './harness.mjs'

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

test('the first view is a table of the first ten tasks', async ({ open, ui, calls, query, showsLatestAnswer }) => {
  await open()
  await ui.shows(1, 10)
  assert.deepEqual(await ui.headers.allInnerTexts(), COLUMNS)
  assert.equal(await ui.limit.inputValue(), '10')
  assert.equal(await ui.status.locator('option:checked').textContent(), 'All')
  assert.equal(await ui.alert.count(), 0)
  assert.deepEqual(query(), {}, 'defaults are left out of the address')
  assert.equal(calls.length, 1)
  assert.equal(calls[0].path, `/v2/${PROJECT}/instances/${INSTANCE}/bigkey-tasks`)
  assert.equal(calls[0].search, '?limit=10&offset=0')
  assert.equal((await calls[0].request.allHeaders()).accept, 'application/json')
  await showsLatestAnswer()
})

test('statuses and analysis methods are words, times are exact', async ({ open, ui, page }) => {
  await open({ limit: 50 })
  await ui.shows(1, 42)
  const seen = { status: new Set(), method: new Set() }
  for (const row of await ui.rows.all()) {
    const cells = await row.getByRole('cell').allTextContents() // what is out of sight has no innerText in Firefox
    assert.equal(cells.length, COLUMNS.length)
    seen.status.add(cells[1].trim())
    seen.method.add(cells[2].trim())
  }
  for (const status of seen.status) assert.ok(['Waiting', 'Running', 'Successful', 'Failed'].includes(status), status)
  for (const status of ['Successful', 'Failed']) assert.ok(seen.status.has(status), `no task is ${status}`)
  assert.deepEqual([...seen.method].sort(), ['Automatic', 'Manual'])
  const instants = await page.locator('time').evaluateAll((all) => all.map((time) => [time.dateTime, time.textContent]))
  assert.ok(instants.length >= 42)
  for (const [exact, shown] of instants) {
    assert.match(exact, ISO)
    assert.doesNotMatch(shown, /NaN|Invalid|undefined|^\s*$/)
  }
})

test('the documented example is the last record', async ({ open, ui }) => {
  await open({ offset: 40 })
  await ui.shows(41, 42)
  const row = ui.rows.last()
  const cells = await row.getByRole('cell').allInnerTexts()
  assert.ok(cells[0].includes('858ee14c-2271-4489-8b82-7bda7459ae3e'))
  assert.deepEqual(cells.slice(1, 3).map((text) => text.trim()), ['Successful', 'Manual'])
  assert.match(cells[6], /\b2(\.\d+)?\s?s\b/)
  const times = await row.locator('time').evaluateAll((all) => all.map((time) => time.dateTime))
  assert.deepEqual(times.slice(0, 3), ['2020-06-15T02:21:18.669Z', '2020-06-15T02:21:23.534Z', '2020-06-15T02:21:25.588Z'])
})

test('the first view takes five requests, each once, and all of them are answered', async ({ open, ui, page, proxy }) => {
  const requests = []
  page.on('request', (request) => { if (request.url().startsWith('http')) requests.push(request) })
  await open()
  await ui.shows(1, 10)
  await page.waitForLoadState('networkidle')
  const kinds = requests.map((request) => {
    const { pathname } = new URL(request.url())
    return pathname === '/' ? 'html' : pathname.startsWith('/v2/') ? 'answer' : path.extname(pathname).slice(1)
  })
  assert.deepEqual(kinds.sort(), ['answer', 'css', 'html', 'js', 'wasm'])
  for (const request of requests) {
    assert.ok(request.url().startsWith(proxy.origin), request.url())
    assert.equal((await request.response()).status(), 200, request.url())
  }
})

test('the page is served under a policy that allows no inline script or style', async ({ open, ui, page }) => {
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/')
  await open()
  await ui.shows(1, 10)
  const policy = (await (await answered).allHeaders())['content-security-policy'] ?? ''
  assert.match(policy, /default-src 'none'|default-src 'self'/)
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/)
})

test('nothing jumps while the page loads', async ({ open, ui, page }) => {
  await page.addInitScript(() => {
    window.shifts = []
    new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts.push(e.value) }).observe({ type: 'layout-shift', buffered: true })
  })
  await open()
  await ui.shows(1, 10)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const total = (await page.evaluate(() => window.shifts)).reduce((a, b) => a + b, 0)
  assert.ok(total < 0.005, `cumulative layout shift ${total}`)
})

test('the bundle works below any path of any static server', async ({ page, ui, proxy }) => {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' }
  const server = http.createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url, 'http://any')
    if (pathname.startsWith('/ops/redis/v2/')) { // the page looks for its calls beside itself, wherever it lies
      const answer = await fetch(proxy.origin + pathname.slice('/ops/redis'.length) + search)
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
      return
    }
    const name = pathname === '/ops/redis/' ? 'index.html' : pathname.startsWith('/ops/redis/') ? pathname.slice(11) : null
    const file = name && path.join(DIST, path.basename(name))
    if (!file || !fs.existsSync(file)) { response.writeHead(404).end(); return }
    response.writeHead(200, { 'content-type': types[path.extname(file)] }).end(fs.readFileSync(file))
  })
  await new Promise((up) => server.listen(0, '127.0.0.1', up))
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/ops/redis/?project_id=${PROJECT}&instance_id=${INSTANCE}`)
    await ui.shows(1, 10)
    await ui.next.click()
    await ui.shows(11, 20)
    assert.equal(new URL(page.url()).pathname, '/ops/redis/')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('Refresh asks again and keeps the rows', async ({ open, ui, calls }) => {
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  await ui.refresh.click()
  await eventually(() => assert.equal(calls.length, 2))
  assert.equal(calls[1].search, calls[0].search)
  await ui.shows(1, 10)
})

test('below a base path the page finds its files and its calls', async ({ page, ui }) => {
  const proxy = await startProxy({ args: ['--base-path', '/ops/bigkeys'] })
  try {
    await page.goto(`${proxy.origin}/ops/bigkeys/?project_id=${PROJECT}&instance_id=${INSTANCE}&refresh=off`)
    await ui.shows(1, 10)
    await ui.next.click()
    await ui.shows(11, 20)
    assert.equal(new URL(page.url()).pathname, '/ops/bigkeys/')
  } finally {
    await proxy.stop()
  }
})
