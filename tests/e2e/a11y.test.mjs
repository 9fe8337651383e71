// Every state of the list, in every theme and language, wide and at 400 % zoom: nothing that axe finds, nothing cut off or
// covered, nothing too small, nothing that moves where it must not. One page a language; its states come by attributes.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { IN_FIREFOX, COLUMNS, INSTANCE, PROJECT, eventually, test } from './harness.mjs'
import { findings, prepare } from './inspect.mjs'

const LANGUAGES = ['en', 'de', 'zh-Hans', 'ar']
/** Name: the attribute, and how the system is set. */
const THEMES = {
  light: ['light', { colorScheme: 'dark', forcedColors: 'none' }],
  dark: ['dark', { colorScheme: 'light', forcedColors: 'none' }],
  auto: [null, { colorScheme: 'dark', forcedColors: 'none' }],
  forced: [null, { colorScheme: 'light', forcedColors: 'active' }],
}
/** A window of 1280 × 1024 px at 400 % is one of 320 × 256. */
const SIZES = [{ width: 320, height: 256 }, { width: 1280, height: 1024 }]
const WIDE = SIZES.at(-1)
const PLAIN = { 'project-id': PROJECT, 'instance-id': INSTANCE, status: null, offset: null, limit: '4', refresh: 'off', 'time-zone': null }

/** A dialog that a button opens. */
const dialogBehind = (button) => ({
  ready: async (at) => { await at.rows(4); await at.page.locator(button).click(); await at.page.getByRole('dialog').waitFor() },
  leave: async (at) => { await at.page.keyboard.press('Escape'); await at.page.getByRole('dialog').waitFor({ state: 'detached' }) },
})

/** Name: the attributes that lead there, what else does, what has to be there, and how to leave it. */
const STATES = {
  loading: { set: { 'instance-id': 'answer-hang' }, ready: (at) => at.page.locator('.loading.first .loading-text').waitFor() },
  rows: { set: { limit: null }, ready: (at) => at.rows(10) },
  'a page in the middle, UTC': { set: { offset: '20', 'time-zone': 'UTC' }, ready: (at) => at.rows(4) },
  'a million tasks': { set: { 'instance-id': 'million', offset: '500000' }, ready: (at) => at.rows(4) },
  'values nobody knows': { set: { 'instance-id': 'answer-unknown-values' }, ready: (at) => at.rows() },
  'records that cannot be read': { set: { 'instance-id': 'answer-unreadable-record' }, ready: (at) => at.page.locator('.warning').filter({ visible: true }).waitFor() },
  'hostile text': { set: { 'instance-id': 'xss' }, ready: (at) => at.rows(4) },
  empty: { set: { 'instance-id': 'empty' }, ready: (at) => at.empty() },
  'empty under a filter': { set: { 'instance-id': 'empty', status: 'failed' }, ready: (at) => at.empty() },
  error: { set: { 'instance-id': 'fail-500' }, ready: (at) => at.alert() },
  'error with a request ID': { set: { 'instance-id': 'fail-401-gateway' }, ready: (at) => at.alert() },
  'error without Retry': { set: { 'instance-id': 'fail-400-dcs-4919' }, ready: (at) => at.alert() },
  'error over old rows': {
    ready: async (at) => {
      await at.rows(4)
      await at.fail(true)
      await at.set({ offset: '12' })
      await at.alert()
      await at.rows(4)
    },
    leave: (at) => at.fail(false),
  },
  'loading over old rows': {
    ready: async (at) => {
      await at.rows(4)
      await at.hold(true)
      await at.set({ offset: '32' })
      await at.page.locator('.loading:not(.first) .loading-text').waitFor()
    },
    leave: (at) => at.hold(false),
  },
  offline: {
    before: (at) => at.fixture.context.setOffline(true),
    set: { 'instance-id': 'nobody-asked-before' },
    ready: (at) => at.alert(),
    leave: (at) => at.fixture.context.setOffline(false),
  },
  'old data': {
    ready: async (at) => { await at.rows(4); await at.shiftClock(3_600_000); await at.page.locator('.stale').waitFor() },
    leave: (at) => at.shiftClock(0),
  },
  'a clock that is wrong': {
    before: (at) => at.shiftClock(3_600_000),
    set: { offset: '16' },
    ready: async (at) => { await at.rows(4); await at.page.locator('.warning').filter({ visible: true }).waitFor() },
    leave: (at) => at.shiftClock(0),
  },
  'a value that is not valid': { set: { limit: 'abc', status: 'done' }, ready: async (at) => { await at.rows(10); await at.page.locator('.warning').filter({ visible: true }).waitFor() } },
  'the task dialog': {
    ready: async (at) => { await at.rows(4); await at.page.locator('td.id button').last().click(); await at.page.getByRole('dialog').waitFor() },
    leave: async (at) => { await at.page.keyboard.press('Escape') },
  },
  'the export': dialogBehind('.export'),
  'the view options': dialogBehind('.options'),
  'the shortcuts': dialogBehind('.shortcuts'),
  'the durations over time': {
    ready: async (at) => { await at.rows(4); await at.page.locator('summary').click(); await at.page.locator('svg.plot').waitFor() },
    leave: (at) => at.page.locator('summary').click(),
  },
  'the form': { set: { 'project-id': null, 'instance-id': null }, ready: (at) => at.page.getByRole('textbox').first().waitFor() },
  'the form, an ID missing': {
    set: { 'project-id': null, 'instance-id': null },
    ready: async (at) => {
      for (const input of await at.page.getByRole('textbox').all()) await input.fill('')
      await at.page.locator('.ids .primary').click()
      await at.alert()
    },
  },
}

/** The ways to a state, whatever the language. */
function driver(fixture) {
  const { page } = fixture
  const element = page.locator('bigkey-tasks')
  let held = false
  return {
    page,
    fixture,
    set: (attributes) => element.evaluate((element, attributes) => {
      for (const [name, value] of Object.entries(attributes)) value === null ? element.removeAttribute(name) : element.setAttribute(name, value)
    }, attributes),
    async rows(wanted) {
      await page.locator('table[aria-busy="false"]').waitFor()
      const rows = page.locator('tbody tr')
      await eventually(async () => { const count = await rows.count(); assert.ok(wanted ? count === wanted : count > 0, `${count} rows`) })
    },
    empty: () => page.locator('[part=empty]').filter({ visible: true }).waitFor(),
    alert: () => page.getByRole('alert').waitFor(),
    /** From now on, list calls fail; or no longer. */
    fail: (is) => (is ? page.route('**/v2/**', (route) => route.abort('internetdisconnected')) : page.unrouteAll()),
    /** From now on, list calls are not answered; or no longer. */
    hold: (is) => (is ? page.route('**/v2/**', () => {}) : page.unrouteAll({ behavior: 'ignoreErrors' })),
    shiftClock: (by) => page.evaluate((by) => {
      window.rightNow ??= Date.now
      const { rightNow } = window
      Date.now = () => rightNow() + by
    }, by),
  }
}

const results = {}
after(() => {
  const count = (cell) => (cell === undefined ? '-' : String(cell))
  const width = Math.max(...Object.keys(STATES).map((state) => state.length))
  const columns = LANGUAGES.filter((language) => results[language])
  console.log(`Findings by theme (${Object.keys(THEMES).join(', ')}), in both sizes`)
  console.log([''.padEnd(width), ...columns.map((column) => column.padEnd(10))].join('  '))
  for (const state of Object.keys(STATES)) {
    const cells = columns.map((language) => Object.keys(THEMES).map((theme) => count(results[language][state]?.[theme])).join(' '))
    console.log([state.padEnd(width), ...cells.map((cell) => cell.padEnd(10))].join('  '))
  }
})

for (const language of LANGUAGES) {
  test(`${language}: no finding in any state and theme, wide and at 400 % zoom`, { reducedMotion: 'reduce', timeout: 400_000 }, async (fixture) => {
    const { page, open } = fixture
    const at = driver(fixture)
    const table = (results[language] = {})
    const told = []
    await open({ refresh: 'off', locale: language })
    await at.rows(10)
    await page.locator(`.app[lang="${language}"]`).waitFor()
    await prepare(page)
    for (const [state, { before, set, ready, leave }] of Object.entries(STATES)) {
      await before?.(at)
      await at.set({ ...PLAIN, ...set })
      await ready(at)
      table[state] = {}
      for (const [theme, [attribute, media]] of Object.entries(THEMES)) {
        await page.emulateMedia(media)
        await at.set({ theme: attribute })
        // The first theme is looked at in all sizes and by all rules; the others have other colours, and nothing else.
        const first = theme === 'light'
        for (const size of first ? SIZES : [WIDE]) {
          await page.setViewportSize(size)
          let found = await findings(page, { colours: !first })
          // Rows that came into view with the new size are laid out in the next frames.
          for (let again = 0; found.length > 0 && again < 5; again++) {
            await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
            found = await findings(page, { colours: !first })
          }
          table[state][theme] = (table[state][theme] ?? 0) + found.length
          told.push(...found.map((finding) => `${state}, ${theme}, ${size.width} px: ${finding}`))
        }
      }
      await leave?.(at)
    }
    assert.deepEqual(told, [])
  })
}

test('the focus can be seen wherever Tab leads, in every theme and size', { reducedMotion: 'reduce' }, async ({ page, open, ui }) => {
  await open({ refresh: 'off', offset: '10' })
  await ui.shows(11, 20)
  // What Tab leads to after the list, lest it lead out of the page: Firefox shows no ring in a page that is not at the fore.
  await page.evaluate(() => document.body.append(document.createElement('button')))
  for (const [theme, [attribute, media]] of Object.entries(THEMES)) {
    for (const size of SIZES) {
      await page.setViewportSize(size)
      await page.emulateMedia(media)
      await driver({ page }).set({ theme: attribute })
      // Not by `blur`: Firefox goes on from where the focus was.
      await page.evaluate(() => {
        document.body.tabIndex = -1
        document.body.focus()
      })
      const seen = new Set()
      for (;;) {
        await page.keyboard.press('Tab')
        const stop = await page.evaluate(focusRing)
        if (stop.name === undefined || seen.has(stop.name)) break
        seen.add(stop.name)
        const where = `${theme}, ${size.width} px: ${stop.name}`
        assert.ok(stop.width >= 2, `${where}: the ring is ${stop.width} px wide`)
        assert.ok(stop.contrast >= 3, `${where}: the ring has a contrast of ${stop.contrast}`)
        assert.ok(stop.inView, `${where}: out of view`)
      }
      // Three choices, Refresh, a task, rows per page, four steps and the page numbers that are there.
      assert.ok(seen.size >= 11, `${theme}, ${size.width} px: Tab stops at ${[...seen]}`)
    }
  }
})

/** In the page: what has the focus, and how its ring looks. */
function focusRing() {
  const element = document.querySelector('bigkey-tasks').shadowRoot.activeElement
  if (!element) return {}
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const channels = (colour) => {
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = colour
    pen.fillRect(0, 0, 1, 1)
    return [...pen.getImageData(0, 0, 1, 1).data].map((value) => value / 255)
  }
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const style = getComputedStyle(element)
  const behind = (at) => {
    const colour = channels(getComputedStyle(at).backgroundColor)
    return colour[3] > 0 ? colour : behind(at.parentElement ?? at.getRootNode().host)
  }
  const [light, dark] = [channels(style.outlineColor), behind(element.parentElement)].map(luminance).sort((a, b) => b - a)
  const { top, bottom } = element.getBoundingClientRect()
  return {
    name: element.ariaLabel || element.closest('label')?.textContent.slice(0, 20) || element.textContent,
    width: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    contrast: Math.round(((light + 0.05) / (dark + 0.05)) * 100) / 100,
    inView: top > -1 && bottom < innerHeight + 1, // a place can be a fraction of a pixel
  }
}

test('on a phone it is still a table of named columns, for those who listen to it', { skip: IN_FIREFOX && 'the accessibility tree is read over CDP' }, async ({ page, open, ui }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open({ refresh: 'off' })
  await ui.shows(1, 10)
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const within = (node) => (node.childIds ?? []).map((id) => byId.get(id)).flatMap((child) => (child ? [child, ...within(child)] : []))
  const of = (node, role) => within(node).filter((each) => !each.ignored && each.role?.value === role)
  const tables = nodes.filter((node) => node.role?.value === 'table')
  assert.equal(tables.length, 1)
  const [table] = tables
  assert.equal(table.name.value, 'Big key analysis tasks')
  assert.deepEqual(of(table, 'columnheader').map(({ name }) => name.value), COLUMNS)
  const [head, ...rows] = of(table, 'row')
  assert.equal(of(head, 'columnheader').length, 7)
  assert.equal(rows.length, 10)
  for (const row of rows) assert.equal(of(row, 'cell').length, 7)
})
