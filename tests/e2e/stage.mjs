// The stage of the end-to-end tests and the screenshots: the real bundle, served by the real proxy over its demo
// service, in a real browser. Pages are driven through roles and accessible names alone, as a reader or an assistive
// technology would.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { startProxy as start } from '../../scripts/proxy.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const require = createRequire(path.join(root, 'scripts/package.json'))
const { chromium, firefox } = require('playwright-core')

export const DIST = path.join(root, 'dist')
export const PROJECT = 'a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71'
export const INSTANCE = '5560df16-cebf-4473-95c4-d1b573c16e79'
/** How many tasks the demo instance has, always. */
export const TOTAL = 42
export const FILTERS = [['waiting', 'Waiting'], ['running', 'Running'], ['success', 'Successful'], ['failed', 'Failed']]
export const COLUMNS = ['Task ID', 'Status', 'Analysis method', 'Created', 'Started', 'Completed', 'Duration']
/** Long enough for a shared, busy machine; nothing here waits for time to pass. */
const PATIENCE = Number(process.env.PATIENCE ?? 10_000)

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** Where a program is: one given by its name alone is looked for in PATH, as a shell does. */
function located(program) {
  if (program.includes('/')) return path.resolve(program)
  const found = (process.env.PATH ?? '').split(':').map((folder) => path.join(folder, program)).find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile())
  assert.ok(found, `there is no ${program} in PATH`)
  return found
}

/** `BROWSER=firefox` runs the tests in Firefox as it is shipped, over WebDriver BiDi, in place of Chromium. */
export const IN_FIREFOX = process.env.BROWSER === 'firefox'
export const launch = () => (IN_FIREFOX
  ? firefox.launch({ channel: 'moz-firefox', executablePath: located(process.env.FIREFOX || 'firefox-esr'), headless: true })
  : chromium.launch({ executablePath: located(process.env.CHROMIUM || 'chromium'), headless: true, args: ARGS }))

// ---------------------------------------------------------------- proxy

/** Starts the proxy with the release page; `{ origin, port, stop() }`. */
export const startProxy = (options) => start(DIST, options)

// ---------------------------------------------------------------- waiting

/** Repeats `check` until it no longer throws; what it threw last is why the test fails. */
export async function eventually(check, patience = PATIENCE) {
  for (const end = Date.now() + patience; ;) {
    try { return await check() } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((next) => setTimeout(next, 20))
    }
  }
}

// ---------------------------------------------------------------- the page by role and name

/** The table and its controls, in a page or in one element of it. */
export function ui(page) {
  const within = page.page?.() ?? page // for what a row has: looked for in the row
  const button = (name) => page.getByRole('button', { name, exact: true })
  const table = page.getByRole('table', { name: 'Big key analysis tasks', exact: true })
  return {
    table,
    rows: table.getByRole('row').filter({ has: within.getByRole('cell') }),
    headers: table.getByRole('columnheader'),
    status: page.getByRole('combobox', { name: 'Status', exact: true }),
    limit: page.getByRole('combobox', { name: 'Rows per page', exact: true }),
    autoRefresh: page.getByRole('combobox', { name: 'Auto-refresh', exact: true }),
    zone: page.getByRole('combobox', { name: 'Time zone', exact: true }),
    pagination: page.getByRole('navigation', { name: 'Pagination', exact: true }),
    alert: page.getByRole('alert'),
    button,
    first: button('First page'),
    previous: button('Previous page'),
    next: button('Next page'),
    last: button('Last page'),
    number: (n) => button(`Page ${n}`),
    refresh: button('Refresh'),
    retry: button('Retry'),
    project: page.getByRole('textbox', { name: 'Project ID', exact: true }),
    instance: page.getByRole('textbox', { name: 'Instance ID', exact: true }),
    show: button('Show tasks'),
    text: (text) => page.getByText(text, { exact: true }),
    range: (from, to, of) => page.getByText(`${from}–${to} of ${of}`, { exact: true }),
    /** The page of rows `from`–`to` is there, whole, and nothing is under way. */
    async shows(from, to, of = TOTAL) {
      await page.getByText(`${from}–${to} of ${of}`, { exact: true }).waitFor({ timeout: PATIENCE })
      await this.idle()
      await eventually(async () => assert.equal(await this.rows.count(), to - from + 1))
    },
    /** The task IDs on show, in their order. */
    async ids() {
      return Promise.all((await this.rows.all()).map((row) => row.getByRole('cell').first().innerText()))
    },
    /** No request is under way. */
    async idle() {
      await eventually(async () => assert.notEqual(await table.getAttribute('aria-busy', { timeout: PATIENCE }), 'true'))
    },
    /** What was last said to those who do not see the page. */
    async announces(text) {
      await eventually(async () => assert.ok((await page.getByRole('status').allTextContents()).map((t) => t.trim()).includes(text), `nobody announces "${text}"`))
    },
    /** The text that can be seen, wherever in the page it is. */
    visibleText: () => page.evaluate(() => {
      const text = (node) => node.innerText ?? ''
      const within = (root) => [...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? [...e.shadowRoot.children].map(text).concat(within(e.shadowRoot)) : []))
      return [document.body.innerText, ...within(document)].join('\n')
    }),
  }
}

// ---------------------------------------------------------------- fixture

const isList = (url) => new URL(url).pathname.startsWith('/v2/')

/** The list calls that a page makes, in order: `{ url, query, path, state, status }`. */
function watchCalls(page) {
  const calls = []
  const of = (request) => calls.find((call) => call.request === request)
  page.on('request', (request) => {
    if (!isList(request.url())) return
    const url = new URL(request.url())
    calls.push({ request, url: request.url(), path: url.pathname, search: url.search, query: Object.fromEntries(url.searchParams), state: 'pending', status: 0 })
  })
  page.on('response', (response) => { const call = of(response.request()); if (call) call.status = response.status() })
  page.on('requestfinished', (request) => { const call = of(request); if (call) call.state = 'finished' })
  page.on('requestfailed', (request) => { const call = of(request); if (call) call.state = /ABORTED/.test(request.failure()?.errorText) ? 'aborted' : 'failed' })
  return calls
}

/** What went wrong in the page itself. The browser's own remarks on a failed request are no fault of the page. */
function watchFaults(page) {
  const faults = []
  // Firefox reports as the page's what it says itself of a request that it did not let out.
  const remark = /^The Same Origin Policy disallows|^The page’s settings blocked/
  page.on('pageerror', ({ message }) => { if (!IN_FIREFOX || !remark.test(message)) faults.push(`uncaught: ${message}`) })
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    if (/^Failed to load resource/.test(message.text())) return
    faults.push(`console ${message.type()}: ${message.text()}`)
  })
  page.on('dialog', (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss() })
  return faults
}

/** A page of its own in a context of its own, and what goes with it. */
export async function openFixture(browser, proxy, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'UTC', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  const fixture = {
    context, page, proxy, ui: ui(page), calls: watchCalls(page), faults: watchFaults(page),
    /** The address of a view, on this test's proxy. */
    address: (query = {}) => `${proxy.origin}/?${new URLSearchParams(query)}`,
    /** Opens the demo instance, or with `instance_id` another one. */
    async open(query = {}) {
      await page.goto(fixture.address({ project_id: PROJECT, instance_id: INSTANCE, ...query }))
    },
    /** The parameters in the address bar, but for the two IDs. */
    query() {
      const { project_id, instance_id, ...rest } = Object.fromEntries(new URL(page.url()).searchParams)
      return rest
    },
    /** Waits until the address bar says this. */
    async saysAddress(expected) { await eventually(() => assert.deepEqual(fixture.query(), expected)) },
    /** The latest list call, once it is over. */
    async lastCall() {
      await eventually(() => assert.ok(fixture.calls.length > 0 && fixture.calls.every((call) => call.state !== 'pending'), 'a call is pending'))
      return fixture.calls.at(-1)
    },
    /** The rows are the records of the latest answer, in its order. */
    async showsLatestAnswer() {
      await eventually(async () => {
        const call = await fixture.lastCall()
        const { records } = await (await call.request.response()).json()
        const rows = await fixture.ui.rows.allTextContents()
        assert.equal(rows.length, records.length)
        records.forEach((record, i) => assert.ok(rows[i].includes(record.id), `row ${i} is not task ${record.id}`))
      })
    },
  }
  return fixture
}

/** The same sequence of numbers in [0, 1) for the same seed. */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const axeSource = () => fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
