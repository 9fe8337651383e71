// The component in other people's pages. Each host is made from the packed tarball (examples/hosts.mjs).
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { build, run, startProxy, startStatic, versions } from '../../examples/hosts.mjs'
import { eventually, open, serve, ui, until } from './harness.mjs'

const HOST = { timeout: 120_000 }

test('a plain page under the proxy’s policy', HOST, async () => {
  const { origin } = await serve('plain')
  const { page, ui, clean, context } = await open(origin)
  await ui.shows(1, 10)
  assert.equal(await page.locator('#summary').textContent(), '10 of 42 tasks')
  await ui.next.click()
  await ui.shows(11, 20)
  assert.equal(new URL(page.url()).search, '', 'the address is the host’s')
  const look = await page.evaluate(() => {
    const root = document.querySelector('bigkey-tasks').shadowRoot
    const of = (selector) => getComputedStyle(root.querySelector(selector))
    return { accent: of('td.id button').color, font: of('.app').fontFamily, badge: of('td .badge').textTransform }
  })
  assert.equal(look.accent, 'rgb(138, 66, 19)', 'the theme’s accent')
  assert.match(look.font, /^Georgia/, 'the host’s font')
  assert.equal(look.badge, 'lowercase', 'a part styled by the host')
  clean()
  await context.close()
})

/** What both framework hosts do. */
async function framework(name) {
  const { origin } = await serve(name)
  const { page, ui, clean, context } = await open(origin)
  await ui.shows(1, 10)
  await eventually(async () => assert.equal(await page.getByTestId('count').textContent(), '42'))
  const id = (await ui.rows.first().getByRole('cell').first().textContent()).trim()
  await ui.rows.first().getByRole('button').first().click()
  await eventually(async () => assert.match(await page.getByTestId('task').textContent(), new RegExp(`^${id} \\w+$`)))
  assert.equal(await page.getByRole('dialog').count(), 0, 'the host shows the task itself')
  const loads = Number(await page.getByTestId('loads').textContent())
  await ui.button('Again').click()
  await eventually(async () => assert.equal(Number(await page.getByTestId('loads').textContent()), loads + 1))
  await ui.next.click()
  await ui.shows(11, 20)
  await ui.button('Hide list').click()
  assert.equal(await ui.table.count(), 0)
  await ui.button('Show list').click()
  await ui.shows(1, 10)
  await ui.button('Failed only').click()
  await eventually(async () => assert.equal(await ui.status.inputValue(), 'failed'))
  await ui.idle()
  clean()
  await context.close()
}
test('React 19 and Vite, typed strictly, in strict mode', HOST, () => framework('react'))
test('React 18, typed strictly, in strict mode, with events by a ref', HOST, () => framework('react-18'))
test('Vue 3 and Vite', HOST, () => framework('vue'))

test('the types hold for React 19 and 18, Vue, Svelte, and none of them', HOST, async () => {
  for (const config of ['tsconfig', 'tsconfig.react-18', 'tsconfig.react-18-classic']) {
    await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', `types/${config}.json`])
  }
})

test('a frame in a page of another origin, where the proxy allows it and nowhere else', HOST, async () => {
  const portal = until(await startStatic(path.resolve(import.meta.dirname, '../../examples/iframe/portal')))
  const dist = await build('iframe')
  const allowed = until(await startProxy(dist, { frameAncestors: [portal.origin] }))
  const { page, clean, context } = await open(`${portal.origin}/?frame=${encodeURIComponent(allowed.origin)}`)
  const frame = page.frameLocator('iframe')
  await frame.getByText('1–10 of 42', { exact: true }).waitFor()
  const length = await page.evaluate(() => history.length)
  await frame.getByRole('button', { name: 'Next page' }).click()
  await frame.getByText('11–20 of 42', { exact: true }).waitFor()
  assert.equal(await page.evaluate(() => history.length), length, 'the frame adds nothing to the portal’s history')
  clean()
  await context.close()

  const refused = until(await startProxy(dist))
  const second = await open(`${portal.origin}/?frame=${encodeURIComponent(refused.origin)}`)
  await eventually(() => assert.match(second.violations.join(), /frame-ancestors/))
  assert.equal(await second.page.frameLocator('iframe').locator('bigkey-tasks').count(), 0)
  await second.context.close()
})

test('a hostile page: its styles, prototypes and handlers', HOST, async () => {
  const { origin } = await serve('hostile')
  const { page, ui, clean, context } = await open(origin)
  await ui.shows(1, 10)
  const look = await page.evaluate(() => {
    const element = document.querySelector('bigkey-tasks')
    const style = (selector) => getComputedStyle(element.shadowRoot.querySelector(selector))
    return {
      row: style('tbody tr').display, button: style('.toolbar button').borderTopStyle, wide: element.shadowRoot.querySelector('table').getBoundingClientRect().width,
    }
  })
  assert.equal(look.row, 'grid')
  assert.equal(look.button, 'solid')
  assert.ok(look.wide > 600, `the table is ${look.wide} px wide`)
  await ui.status.selectOption('failed')
  await ui.idle()
  await eventually(async () => assert.equal(await ui.status.inputValue(), 'failed'))
  await ui.status.selectOption('')
  await ui.shows(1, 10)
  await ui.next.focus()
  await page.keyboard.press('Enter')
  await ui.shows(11, 20)
  const detail = await page.evaluate(() => new Promise((done) => {
    const element = document.querySelector('bigkey-tasks')
    element.addEventListener('bigkey-load', (event) => done({ own: Object.keys(event.detail), record: Object.keys(event.detail.records[0]), count: event.detail.count }), { once: true })
    element.refresh()
  }))
  assert.deepEqual(detail.own, ['query', 'count', 'records'])
  assert.ok(detail.record.includes('id') && !detail.record.includes('foo'))
  await ui.rows.first().getByRole('button').first().click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  const seen = await page.evaluate(() => window.seen)
  assert.deepEqual([seen.errors, seen.rejections], [0, 0], 'nothing reached the host’s error handlers')
  clean()
  await context.close()
})

test('a hostile page reaches neither the text nor the layout for narrow places', HOST, async () => {
  const { origin } = await serve('hostile')
  const { page, ui, context } = await open(origin)
  await ui.shows(1, 10)
  const text = () => page.evaluate(() => {
    const { textTransform, letterSpacing, wordSpacing, textIndent, whiteSpace } = getComputedStyle(document.querySelector('bigkey-tasks').shadowRoot.querySelector('.toolbar span'))
    return { textTransform, letterSpacing, wordSpacing, textIndent, whiteSpace }
  })
  await page.setViewportSize({ width: 400, height: 900 })
  try {
    assert.deepEqual(await text(), { textTransform: 'none', letterSpacing: 'normal', wordSpacing: '0px', textIndent: '0px', whiteSpace: 'nowrap' })
    assert.ok(await page.evaluate(() => document.querySelector('bigkey-tasks').shadowRoot.querySelector('table').scrollWidth <= 400), 'the table is wider than the page')
  } finally {
    await context.close()
  }
})

test('two releases on one page: the second says that the name is taken, and each works with its own files', HOST, async () => {
  const { origin } = await serve('two-versions')
  const { page, context, infos, faults, violations } = await open('about:blank')
  const wasm = []
  page.on('response', (response) => { if (response.url().endsWith('.wasm')) wasm.push(response) })
  await page.goto(origin)
  const [one, two] = ['bigkey-tasks', 'bigkey-tasks-two'].map((name) => ui(page.locator(name)))
  await one.shows(1, 10)
  await two.shows(11, 20)
  assert.deepEqual(infos, ['<bigkey-tasks> is already defined; release 0.0.9 stays unused.'])
  assert.deepEqual(wasm.map((response) => new URL(response.url()).pathname).sort(), ['/one/bigkey-tasks_bg.wasm', '/two/bigkey-tasks-0.0.9_bg.wasm'])
  assert.notDeepEqual(await wasm[0].body(), await wasm[1].body())
  // Each has the texts and the look of its own release.
  const label = (name) => page.locator(name).getByRole('combobox', { name: /^Rows per/ }).evaluate((select) => [select.labels[0].firstChild.textContent, getComputedStyle(select).borderTopLeftRadius])
  assert.deepEqual([await label('bigkey-tasks'), await label('bigkey-tasks-two')], [['Rows per page', '6px'], ['Rows per view', '9px']])
  const kinds = await page.evaluate(() => {
    document.heard = []
    document.addEventListener('bigkey-query-change', ({ target, detail }) => document.heard.push([target.localName, detail.query.offset]))
    const [first, second] = ['bigkey-tasks', 'bigkey-tasks-two'].map((name) => customElements.get(name))
    return [first.prototype instanceof second, second.prototype instanceof first]
  })
  assert.deepEqual(kinds, [false, false])
  await one.last.click()
  await one.shows(41, 42)
  await two.shows(11, 20)
  await two.next.click()
  await two.shows(21, 30)
  await one.shows(41, 42)
  assert.deepEqual(await page.evaluate(() => document.heard), [['bigkey-tasks', 40], ['bigkey-tasks-two', 20]])
  assert.deepEqual([faults, violations], [[], []])

  // A fault in one, and its end, leave the other alone.
  await page.evaluate(() => {
    const original = Object.getOwnPropertyDescriptor(Response.prototype, 'headers')
    Object.defineProperty(Response.prototype, 'headers', { configurable: true, get() { throw new Error('broken by the host') } })
    return document.querySelector('bigkey-tasks').refresh().catch(() => {}).then(() => Object.defineProperty(Response.prototype, 'headers', original))
  })
  await page.locator('bigkey-tasks').getByRole('alert').waitFor()
  await two.previous.click()
  await two.shows(11, 20)
  await page.evaluate(() => document.querySelector('bigkey-tasks').remove())
  await two.refresh.click()
  await two.shows(11, 20)
  assert.equal(await page.locator('bigkey-tasks-two').getByRole('alert').count(), 0)
  await context.close()

  // The same module once more does no harm either.
  const again = await open(origin)
  await again.page.locator('bigkey-tasks').getByText('1–10 of 42', { exact: true }).waitFor()
  assert.ok(await again.page.evaluate(async () => { (await import('./one/bigkey-tasks.js?again')).define(); return document.querySelector('bigkey-tasks').isConnected }))
  again.clean()
  await again.context.close()
})

test('ten at once, each with a state of its own', HOST, async () => {
  const { origin } = await serve('ten')
  const { page, clean, context } = await open(origin)
  const wasm = []
  page.on('request', (request) => { if (request.url().endsWith('.wasm')) wasm.push(request.url()) })
  await page.reload()
  const list = (i) => page.locator(`#list-${i}`)
  for (const i of [0, 3, 6, 9]) await list(i).getByText(`${i + 1}–${i + 10} of 42`, { exact: true }).waitFor()
  for (const i of [1, 4, 7]) await list(i).getByText(`1–${i + 10} of 42`, { exact: true }).waitFor()
  assert.equal(wasm.length, 1, 'one wasm file for all')
  await list(3).getByRole('button', { name: 'Next page' }).click()
  await list(3).getByText('14–23 of 42', { exact: true }).waitFor()
  for (const i of [0, 6, 9]) assert.ok(await list(i).getByText(`${i + 1}–${i + 10} of 42`, { exact: true }).isVisible())
  const states = await page.evaluate(() => [...document.querySelectorAll('bigkey-tasks')].map((element) => [element.offset, element.limit, element.status].join()))
  assert.deepEqual(states, ['0,10,', '0,11,', '0,10,failed', '13,10,', '0,14,', '0,10,failed', '6,10,', '0,17,', '0,10,failed', '9,10,'])
  clean()
  await context.close()
})

const TITLES = { 'de-CH': 'Aufgaben der Big-Key-Analyse', zh: '大key分析任务', 'ar-AE': 'مهام تحليل المفاتيح الكبيرة' }

for (const name of ['bundler-esbuild', 'bundler-esbuild-copy', 'bundler-rollup', 'bundler-webpack', 'bundler-vite']) {
  test(`${name} picks up the wasm files, the texts in other languages, and what is loaded on demand`, HOST, async (t) => {
    const { origin } = await serve(name)
    const { page, ui, clean, context } = await open(origin)
    await ui.shows(1, 10)
    await ui.rows.first().getByRole('button').first().click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    for (const [locale, title] of Object.entries(TITLES)) {
      await page.locator('bigkey-tasks').evaluate((element, locale) => { element.locale = locale }, locale)
      await page.getByRole('table', { name: title, exact: true }).waitFor()
    }
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ['en', ''], 'the host’s page stays in its language')
    clean()
    await context.close()
    t.diagnostic(JSON.stringify(versions()))
  })
}
