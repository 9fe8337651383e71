// A fault inside the wasm module is shown by the element in which it happened, and by nothing else on the page.
//
// The release has no switch that makes it panic. So each test is a host that breaks something the module relies on, at a
// moment when the module is in the middle of a step.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { startProxy } from '../../examples/hosts.mjs'
import { readApi } from '../../scripts/package/api.mjs'
import { INSTANCE, PROJECT, barePage, conforms, eventually, instrument, open, ui, until } from './harness.mjs'

const LIMIT = { timeout: 120_000 }
let origin

before(async () => { origin = until(await startProxy(barePage('crash'))).origin })

/** Where the fault happens: what the host breaks in the page (and how it is mended), and what a person does then. */
const FAULTS = [
  ['an exception in a listener', /broken by the host/, () => {
    const { closest } = Element.prototype
    Element.prototype.closest = () => { throw new Error('broken by the host') }
    return () => { Element.prototype.closest = closest }
  }, (a) => a.rows.first().getByRole('button').first().click()],
  ['an exception in an effect', /broken by the host/, () => {
    const original = Object.getOwnPropertyDescriptor(CharacterData.prototype, 'data')
    Object.defineProperty(CharacterData.prototype, 'data', { ...original, set(text) {
      if (this.getRootNode().host?.id === 'a') throw new Error('broken by the host') // the clock of the other goes on
      original.set.call(this, text)
    } })
    return () => Object.defineProperty(CharacterData.prototype, 'data', original)
  }, (a) => a.next.click()],
  ['an exception while a request is answered', /broken by the host/, () => {
    const original = Object.getOwnPropertyDescriptor(Response.prototype, 'headers')
    Object.defineProperty(Response.prototype, 'headers', { get() { throw new Error('broken by the host') } })
    return () => Object.defineProperty(Response.prototype, 'headers', original)
  }, (a) => a.next.click()],
  ['an exception in an attribute’s change', /broken by the host/, () => {
    const { getAttribute } = Element.prototype
    Element.prototype.getAttribute = function (name) { if (this.id === 'a') throw new Error('broken by the host'); return getAttribute.call(this, name) }
    document.querySelector('#a').setAttribute('status', 'failed')
    return () => { Element.prototype.getAttribute = getAttribute }
  }, async () => {}],
  ['no memory left', /unreachable.*wasm-function\[\d+\]/, () => {
    const memory = document.notes.memories[0].deref()
    for (let pages = 65536; pages >= 1; pages >>= 1) {
      for (;;) try { memory.grow(pages) } catch { break }
    }
    return () => {}
  }, (_, page) => page.evaluate(() => { Object.assign(document.querySelector('#a'), { instanceId: 'million', limit: 1000 }) })],
]

for (const [name, message, breakIt, act] of FAULTS) {
  test(`${name}: the element says so, and restarts; others go on`, LIMIT, async () => {
    const { page, context, faults } = await open(origin, { init: instrument })
    try {
      await page.evaluate(async ({ ids }) => {
        document.told = []
        document.host = []
        for (const event of ['error', 'unhandledrejection']) addEventListener(event, ({ message, reason }) => document.host.push(String(message ?? reason)))
        document.addEventListener('bigkey-error', ({ target, detail }) => document.told.push([target.id, detail]))
        await import('/bigkey-tasks.js')
        const loaded = (element) => new Promise((next) => element.addEventListener('bigkey-load', next, { once: true }))
        for (const [id, more] of [['a', { refresh: 'auto' }], ['b', { refresh: 'off', status: 'success' }]]) {
          const element = Object.assign(document.createElement('bigkey-tasks'), { id, ...ids, ...more })
          document.body.append(element)
          await loaded(element) // one after another: a's memory is the first
        }
      }, { ids: { projectId: PROJECT, instanceId: INSTANCE } })
      const [a, b] = ['#a', '#b'].map((id) => ui(page.locator(id)))
      await a.shows(1, 10)

      // A promise that the host holds while it happens.
      await page.evaluate((code) => { document.mend = new Function(`return (${code})()`)() }, breakIt.toString())
      await act(a, page)
      const alert = page.locator('#a').getByRole('alert')
      await alert.waitFor()
      assert.match(await alert.innerText(), /stopped because of a fault/)
      assert.match(await alert.innerText(), message)
      assert.equal(await page.locator('#a').getByRole('table').count(), 0)
      await page.evaluate(() => document.mend())

      const told = await page.evaluate(() => document.told)
      assert.deepEqual(told.map(([id, { kind, errorCode }]) => [id, kind, errorCode]), [['a', 'crash', 'crash']])
      const { types } = readApi()
      conforms(told[0][1], types.find((type) => type.name === 'BigkeyErrorDetail'), types)
      assert.deepEqual(await page.evaluate(() => document.host), [], 'the host’s handlers heard of it')
      assert.deepEqual(faults.filter((fault) => fault.startsWith('uncaught')), [])
      // One is left: the clock of the other element, which is not refreshed by itself.
      const timers = await page.evaluate(() => [...document.notes.timers.keys()])
      assert.ok(timers.length <= 1, `timers of an element that has stopped: ${timers.join(', ')}`)

      // The other one never noticed.
      assert.equal(await page.locator('#b').getByRole('alert').count(), 0)
      const ids = await b.ids()
      const answered = page.waitForResponse((response) => /offset=10/.test(response.url()))
      await b.next.click()
      await answered
      await b.idle()
      await eventually(async () => assert.notDeepEqual(await b.ids(), ids))

      await a.button('Restart').click()
      await a.table.waitFor()
      // The button is gone, and with it the focus would be: it stays in the element.
      await eventually(async () => assert.deepEqual(await page.evaluate(() => [document.activeElement.id, document.activeElement.shadowRoot?.activeElement?.localName]), ['a', 'select']))
      await a.idle()
      await eventually(async () => assert.ok((await a.rows.count()) > 0))
      await a.refresh.click()
      await a.idle()
      assert.equal(await page.locator('#a').getByRole('alert').count(), 0)
      assert.equal(await page.evaluate(() => document.querySelector('#a').refresh().then(() => 'again')), 'again')
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('bigkey-tasks')].length), 2)
    } finally {
      await context.close()
    }
  })
}

/** Where a host that replaced what the module calls asks for something else: in the middle of a step. */
const REENTRIES = [
  ['while another time zone is set', () => {
    const { DateTimeFormat } = Intl
    Intl.DateTimeFormat = function (...args) {
      Intl.DateTimeFormat = DateTimeFormat
      document.querySelector('#a').setAttribute('limit', '20')
      return new DateTimeFormat(...args)
    }
  }, (a) => a.zone.selectOption('UTC'), [1, 20]],
  ['while a timer is ended', () => {
    const { clearTimeout } = window
    // Not before the click: a duration that counts on ends a timer too.
    document.addEventListener('click', () => {
      window.clearTimeout = (id) => {
        window.clearTimeout = clearTimeout
        document.querySelector('#a').setAttribute('limit', '20')
        clearTimeout(id)
      }
    }, { capture: true, once: true })
  }, (a) => a.next.click(), [11, 30]],
  ['while a timer is set', () => {
    const { setTimeout } = window
    document.addEventListener('click', () => {
      window.setTimeout = (...args) => {
        window.setTimeout = setTimeout
        document.querySelector('#a').setAttribute('limit', '20')
        return setTimeout(...args)
      }
    }, { capture: true, once: true })
  }, (a) => a.next.click(), [11, 30]],
]

for (const [name, replace, act, [from, to]] of REENTRIES) {
  test(`${name}, the host asks for something else: both is done`, LIMIT, async () => {
    const { page, context } = await open(origin)
    try {
      await page.evaluate(async ({ ids }) => {
        await import('/bigkey-tasks.js')
        document.body.append(Object.assign(document.createElement('bigkey-tasks'), { id: 'a', ...ids }))
      }, { ids: { projectId: PROJECT, instanceId: INSTANCE, refresh: 'auto' } })
      const a = ui(page.locator('#a'))
      await a.shows(1, 10)
      await page.evaluate((code) => new Function(`return (${code})()`)(), replace.toString())
      await act(a)
      await a.shows(from, to)
      assert.equal(await page.locator('#a').getByRole('alert').count(), 0)
    } finally {
      await context.close()
    }
  })
}

test('a fault in what is loaded on demand is told, the list goes on, and asking again works', LIMIT, async () => {
  const { page, context, ui } = await open(origin)
  try {
    await page.evaluate(async ({ ids }) => {
      document.told = []
      document.addEventListener('bigkey-error', ({ detail }) => document.told.push(detail.kind))
      await import('/bigkey-tasks.js')
      document.body.append(Object.assign(document.createElement('bigkey-tasks'), ids))
    }, { ids: { projectId: PROJECT, instanceId: INSTANCE, refresh: 'off' } })
    await ui.shows(1, 10)
    await page.evaluate(() => {
      const original = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent')
      Object.defineProperty(Node.prototype, 'textContent', { ...original, set(text) {
        if (this.localName === 'dt') throw new Error('broken by the host')
        original.set.call(this, text)
      } })
      document.mend = () => Object.defineProperty(Node.prototype, 'textContent', original)
    })
    const id = ui.rows.first().getByRole('button').first()
    await id.click()
    await page.getByText('broken by the host').waitFor()
    assert.equal(await page.getByRole('dialog').count(), 0)
    assert.equal(await ui.alert.count(), 0, 'the list itself has not failed')
    assert.deepEqual(await page.evaluate(() => document.told), ['crash'])
    await ui.next.click()
    await ui.shows(11, 20)
    await page.evaluate(() => document.mend())
    await id.click()
    await page.getByRole('dialog').waitFor()
    assert.equal(await page.getByText('broken by the host').count(), 0)
  } finally {
    await context.close()
  }
})

test('who waits for a refresh or a file hears of the fault', LIMIT, async () => {
  const { page, context } = await open(origin)
  try {
    const outcome = await page.evaluate(async ({ ids }) => {
      await import('/bigkey-tasks.js')
      const element = Object.assign(document.createElement('bigkey-tasks'), ids)
      document.body.append(element)
      await new Promise((next) => element.addEventListener('bigkey-load', next, { once: true }))
      Object.defineProperty(Response.prototype, 'headers', { get() { throw new Error('broken by the host') } })
      const settled = await Promise.allSettled([element.refresh(), element.exportTasks({ format: 'csv', scope: 'all' })])
      return settled.map(({ status, reason }) => `${status} ${reason?.message}`)
    }, { ids: { projectId: PROJECT, instanceId: INSTANCE, refresh: 'off' } })
    assert.deepEqual(outcome, ['rejected broken by the host', 'rejected broken by the host'])
  } finally {
    await context.close()
  }
})
