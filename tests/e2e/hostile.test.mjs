// Hostile strings end to end: whatever stands in a record, an error, an attribute or an address is text. No script of it
// runs, no element comes of it, nothing is asked for elsewhere, and neither the cells nor the sentences around it move.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStack } from '../matrix/cell.mjs'
import { json, page as answerTo, success } from '../matrix/upstream.mjs'
import { eventually, launch, openFixture } from './stage.mjs'

const LONG = 'long '.repeat(200_000)
const CORPUS = {
  'a script': '<script>alert(1)</script>',
  'a handler': '<img src=http://elsewhere.example/x onerror=alert(1)>',
  'a drawing': '<svg/onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>',
  'the end of an attribute': '" autofocus onfocus="alert(1)" style="position:fixed;inset:0',
  'the end of a cell': '</span></button></td></tr></table><iframe srcdoc="<script>parent.alert(1)</script>">',
  'the end of a stylesheet': '</style><link rel=stylesheet href=http://elsewhere.example/x.css>',
  'what a parser changes': '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  'an entity': '&lt;img src=x onerror=alert(1)&gt;&#x3c;script&#x3e;',
  'a template': '{{constructor.constructor("alert(1)")()}} ${alert(1)} {id} {value} {name}',
  'an address with script': 'javascript:alert(1)//',
  'an address with data': 'data:text/html,<script>alert(1)</script>',
  'another order': 'safe\u202Egnp.exe\u202D',
  'isolates without an end': '\u2066\u2067\u2068\u202B\u202Eabc',
  'ends without an isolate': 'abc\u2069\u2069\u202C\u202Edef',
  'letters from right to left': 'שלום עולם مرحبا',
  'nothing to see': 'a\u200B\u200C\u200D\u2060\uFEFF\u00AD\u034Fb',
  'marks upon marks': `Z${'\u0321\u0350\u036A\u0322'.repeat(40)}algo`,
  'colours of a terminal': '\u001B[31mred\u001B[0m\u001B]0;title\u0007\u009B2J',
  'lines of its own': 'one\r\n\r\ntwo\u2028three\u2029four\u0085five\tsix',
  'NUL and half a character': 'a\u0000b\uD800c',
  'a formula': '=HYPERLINK("http://elsewhere.example/?"&A1,"x")',
  'a formula in full width': '＝1＋1',
  'a formula on a second line': '\n=1+1',
  'a command': '@SUM(1+1)*cmd|\' /C calc\'!A0',
  'letters that look alike': 'ｓｕｃｃｅｓｓ раураӏ ɑdmin',
  'a megabyte': LONG,
}
const FIELDS = ['id', 'scan_type', 'status', 'created_at', 'started_at', 'finished_at']
/** The fields in the order of their columns; the last column is told from others. */
const COLUMNS = ['id', 'status', 'scan_type', 'created_at', 'started_at', 'finished_at', undefined]
/** As a browser's text can hold it. */
const wellFormed = (text) => text.toWellFormed()
/** A calm list, and the same with `text` in one field after the other, and in all of one record. */
const calm = answerTo({ limit: 9 })
function hostile(text) {
  const records = calm.records.map((task) => ({ ...task }))
  FIELDS.forEach((name, i) => { records[i + 1][name] = text })
  for (const name of text === LONG ? ['id'] : FIELDS) records[7][name] = text // an answer holds 8 MiB
  records[7].id += '.'
  return { ...calm, instance_id: text.slice(0, 100), [text.slice(0, 100)]: text.slice(0, 100), records }
}

let browser, stack
before(async () => { [browser, stack] = await Promise.all([launch(), startStack()]) })
after(() => Promise.all([browser.close(), stack.stop()]))

/**
 * For each string of the corpus, one after the other in one page that `prepare` opens: what `body` checks of it, and what
 * holds of every page.
 */
function each(name, prepare, body) {
  test(name, { timeout: 300_000 }, async (t) => {
    const fixture = await openFixture(browser, stack.proxy)
    const elsewhere = []
    fixture.page.on('request', (request) => { if (!request.url().startsWith(`${stack.proxy.origin}/`)) elsewhere.push(request.url()) })
    const stage = { ...fixture, upstream: stack.upstream, project: name.replaceAll(' ', '-') }
    try {
      const prepared = await prepare(stage)
      for (const [what, text] of Object.entries(CORPUS)) {
        await t.test(what, async () => {
          await body(stage, text, prepared)
          assert.deepEqual(elsewhere.splice(0), [], 'requests elsewhere')
          assert.deepEqual(fixture.faults.splice(0), [], 'faults of the page')
          assert.deepEqual(await fixture.page.evaluate(foreign), [], 'elements or attributes that are not ours')
        })
      }
    } finally {
      await fixture.context.close()
    }
  })
}

// ---------------------------------------------------------------- what is looked at in the page

/** Elements and attributes that no part of the view is made of. */
function foreign() {
  const [found, all] = [[], [...document.querySelectorAll('body, body *')]]
  for (const host of document.querySelectorAll('bigkey-tasks')) all.push(...host.shadowRoot.querySelectorAll('*'))
  const elements = /^(body|main|noscript|bigkey-tasks|slot|div|span|p|strong|small|h1|h2|h3|details|summary|header|footer|nav|table|thead|tbody|tr|th|td|time|button|label|select|option|input|form|dialog|dl|dt|dd|ol|ul|li|textarea|code)$/
  for (const element of all) {
    if (element === document.body.lastElementChild && /^<script src="\.\/bigkey-tasks-[0-9a-f]{16}\.js"><\/script>$/.test(element.outerHTML)) continue // the page's own
    if (!elements.test(element.localName)) found.push(element.localName)
    for (const { name } of element.attributes) if (/^on|^(href|src|srcdoc|action|formaction|autofocus|xlink:href|background|ping)$/.test(name)) found.push(`${element.localName} ${name}`)
  }
  return found
}

/** The sentences that hold `phrase` run from left to right and down, letter for letter; how many there are. */
function reads(phrase) {
  const texts = (node) => [...node.childNodes].flatMap((child) => child.nodeType === Node.TEXT_NODE ? [child] : texts(child.shadowRoot ?? child))
  const found = texts(document.body).filter((text) => text.data.includes(phrase) && text.parentElement.checkVisibility())
  let count = 0
  for (const text of found) {
    for (let at = text.data.indexOf(phrase); at >= 0; at = text.data.indexOf(phrase, at + 1)) {
      count++
      const range = document.createRange()
      const boxes = [...phrase].map((_, i) => { range.setStart(text, at + i); range.setEnd(text, at + i + 1); return range.getBoundingClientRect() })
      boxes.forEach((box, i) => {
        const last = boxes[i - 1]
        if (last && !(box.left >= last.left || box.top > last.top)) throw new Error(`“${phrase}” does not read from left to right in “${text.data.slice(0, 200)}”`)
      })
    }
  }
  return count
}

/** Where everything is that is no hostile cell: cells of calm rows and fields, and the controls. */
function boxes() {
  const root = document.querySelector('bigkey-tasks').shadowRoot
  return [...root.querySelectorAll('.toolbar *, .footer, .footer *, th, td, tr')].filter((each) => !each.matches('option, .badge, .zone')).map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect()
    return `${each.localName}.${each.className.split(' ')[0]} ${[x, y, width, height].map(Math.round)}`
  })
}

const cells = (page) => page.evaluate(() => [...document.querySelector('bigkey-tasks').shadowRoot.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent)))
const tooWide = (page) => page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth)

/** RFC 4180, as a spreadsheet reads it. */
function parseCsv(text) {
  const rows = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows.slice(0, -1)
}

// ---------------------------------------------------------------- records

async function openCalm({ open, ui, page, upstream, project }) {
  upstream.tell(project, success(() => calm))
  await open({ project_id: project, instance_id: 'i', refresh: 'off' })
  await ui.shows(1, 9, 9)
  await page.evaluate(() => { addEventListener('bigkey-load', (event) => { window.heard = event.detail }) })
  return { before: await page.evaluate(boxes), calmCells: await cells(page) }
}

each('in every field of a record', openCalm, async ({ ui, page, upstream, project }, text, { before, calmCells }) => {
  const answer = hostile(text)
  upstream.tell(project, success(() => answer))
  await ui.refresh.press('Enter')
  const shown = (record, field) => wellFormed(answer.records[record][field])
  await eventually(async () => assert.deepEqual(await cells(page), calmCells.map((row, i) => COLUMNS.map((field, column) => {
    if (field && answer.records[i][field] !== calm.records[i][field]) return shown(i, field)
    return !field && answer.records[i].started_at + answer.records[i].finished_at !== calm.records[i].started_at + calm.records[i].finished_at ? '—' : row[column]
  }))))
  await ui.idle()
  assert.deepEqual(await page.evaluate(boxes), before, 'what is around it moved')
  assert.equal(await tooWide(page), 0)
  assert.ok(await page.evaluate(reads, calm.records[8].id) > 0)
  const plain = answer.records.map((task) => Object.fromEntries(Object.entries(task).map(([name, value]) => [name, wellFormed(value)])))
  assert.deepEqual(await page.evaluate(() => window.heard.records), plain, 'what the host hears')

  // In full.
  await ui.rows.nth(7).getByRole('button').press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  const said = await page.evaluate(() => [...document.querySelector('bigkey-tasks').shadowRoot.querySelectorAll('dd > span > span')].map((each) => each.textContent))
  assert.equal(said[0], shown(7, 'id'))
  if (text !== LONG) assert.deepEqual(said.slice(1, 6), Array(5).fill(wellFormed(text)))
  const box = await dialog.boundingBox()
  assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= 1280 && box.y + box.height <= 900, 'the dialog leaves the page')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })

  // As files.
  const [csv, file] = await page.evaluate(async () => {
    const element = document.querySelector('bigkey-tasks')
    return Promise.all(['csv', 'json'].map(async (format) => (await element.exportTasks({ format })).text()))
  })
  assert.deepEqual(JSON.parse(file), plain)
  const rows = parseCsv(csv)
  assert.deepEqual(rows.slice(1).map((row) => row.map((cell) => cell.replace(/^'/, ''))), plain.map((task) => FIELDS.map((name) => task[name])))
  for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+\-@＝＋－＠\t\r\n]/, 'a formula')

  // On a telephone.
  await page.setViewportSize({ width: 320, height: 640 })
  assert.equal(await tooWide(page), 0)
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  assert.ok(height < 15_000, `one string makes the page ${height} px high`)
  await page.setViewportSize({ width: 1280, height: 900 })
})

// ---------------------------------------------------------------- errors

each('in every field of an error', openCalm, async ({ ui, page, upstream, project }, text) => {
  for (const body of [{ error_code: text, error_msg: text, request_id: text, error_ext_msg: text }, { error: { code: text, message: text, title: text } }]) {
    upstream.tell(project, json(500, body))
    await ui.refresh.press('Enter')
    await eventually(async () => assert.ok((await ui.alert.textContent()).includes(wellFormed(text).slice(0, 100))))
    await ui.idle()
    assert.ok(await page.evaluate(reads, 'Try again') > 0, 'what to do')
    assert.ok(await page.evaluate(reads, 'Retry') > 0)
    assert.equal(await ui.rows.count(), 9)
    assert.equal(await tooWide(page), 0)
    const { height } = await ui.alert.boundingBox()
    assert.ok(height < 450, `the alert is ${height} px high`)
  }
})

// ---------------------------------------------------------------- addresses

const PARAMETERS = ['status', 'offset', 'limit', 'locale', 'time_zone', 'theme', 'refresh']
const UNKNOWN = ['api_base', 'api-base', 'wasm_url', 'wasm-url', 'url_sync', 'onload', '__proto__', 'constructor']

each('in every parameter of the address', openCalm, async ({ open, ui, page, address, project, calls }, text) => {
  const short = text.slice(0, 60)
  calls.length = 0
  await open({ project_id: project, instance_id: 'i', ...Object.fromEntries([...PARAMETERS, ...UNKNOWN].map((name) => [name, short])), [short]: short })
  await ui.shows(1, 9, 9)
  assert.equal(calls[0].search, '?limit=10&offset=0')
  const lines = (await page.getByRole('status').filter({ hasText: 'cannot be' }).innerText()).split('\n')
  assert.equal(lines.length, PARAMETERS.length, lines.join('\n'))
  PARAMETERS.toSorted().forEach((name) => assert.ok(lines.some((line) => line.startsWith(`${name} cannot be “`)), name))
  assert.ok(await page.evaluate(reads, ' is used instead.') >= 4)
  assert.equal(await page.evaluate(reads, 'and was ignored.'), 1)
  assert.equal(await tooWide(page), 0)

  await page.goto(address({ project_id: short, instance_id: short }))
  await eventually(async () => assert.ok((await ui.alert.count()) > 0 || (await ui.show.count()) > 0, 'neither an error nor the form is shown'))
  for (const { path } of calls.slice(1)) {
    assert.match(path, /^\/v2\/[^/]+\/instances\/[^/]+\/bigkey-tasks$/)
    assert.equal(decodeURIComponent(path.split('/')[2]), wellFormed(short).trim())
  }
  assert.equal(await ui.rows.count(), 0)
  assert.equal(await tooWide(page), 0)
})

// ---------------------------------------------------------------- attributes

const ATTRIBUTES = ['api-base', 'project-id', 'instance-id', 'status', 'offset', 'limit', 'refresh', 'locale', 'time-zone', 'theme', 'wasm-url']

/** The page without its element. */
async function openBare({ page, address }) {
  await page.route(address(), async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (await response.text()).replace(/<bigkey-tasks.*<\/bigkey-tasks>|<link rel="preload".*?>/g, '') })
  })
}

each('in every attribute of the element', openBare, async ({ page, ui, calls, faults, proxy, address }, text) => {
  await page.goto(address()) // so that the first element says where the module is
  const add = (attributes) => page.evaluate((attributes) => {
    const element = document.createElement('bigkey-tasks')
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    document.querySelector('main').replaceChildren(element)
  }, attributes)
  await add({ 'wasm-url': text })
  await ui.alert.waitFor()
  assert.match(await ui.alert.innerText(), /^The task list could not start\./)
  await add({ 'project-id': 'p', 'instance-id': 'i', 'api-base': text, refresh: 'off' })
  await ui.alert.waitFor()
  assert.ok(await page.evaluate(reads, 'Retry') > 0)
  await add(Object.fromEntries(ATTRIBUTES.filter((name) => name !== 'wasm-url').map((name) => [name, text])))
  await page.getByRole('status').filter({ hasText: 'cannot be' }).waitFor()
  for (const { url } of calls) assert.equal(new URL(url).origin, proxy.origin)
  assert.equal(await tooWide(page), 0)
  // The browser's own remarks: the policy forbids an address of another kind, and none may be so long.
  faults.splice(0, faults.length, ...faults.filter((fault) => !/content security policy|^console error: Access to fetch at/i.test(fault)))
})
