// The component in pages of other looks: themes, dark pages, right-to-left pages, and readers who changed the colours.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { before, test } from 'node:test'
import { INSTALLED, startProxy } from '../../examples/hosts.mjs'
import { INSTANCE, PROJECT, barePage, open, ui as controls, until } from './harness.mjs'

const LIMIT = { timeout: 120_000 }
const THEMES = ['none', ...fs.readdirSync(path.join(INSTALLED, 'themes')).map((file) => path.basename(file, '.css'))]
let origin

before(async () => {
  const folder = barePage('theming', '<main></main>')
  fs.cpSync(path.join(INSTALLED, 'themes'), path.join(folder, 'themes'), { recursive: true })
  origin = until(await startProxy(folder)).origin
})

/** A page with elements of these properties, all of them up. */
async function mount(elements, options) {
  const opened = await open(origin, { init: measures, ...options })
  await opened.page.evaluate(async (all) => {
    await import('/bigkey-tasks.js')
    for (const properties of all) document.querySelector('main').append(Object.assign(document.createElement('bigkey-tasks'), properties))
  }, elements)
  return opened
}
const LIST = { id: 'list', projectId: PROJECT, instanceId: INSTANCE, refresh: 'off', limit: 20 }
/** What the element can show, all at once: rows and a warning, an error, nothing, the form. */
const EVERYTHING = [
  { ...LIST, status: 'done' }, { ...LIST, id: 'error', instanceId: 'fail-500' }, { ...LIST, id: 'empty', instanceId: 'empty', status: 'failed' }, { id: 'form' },
]

/** In the page: what colours come out as, and how far they stand apart. */
function measures() {
  const dot = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  const rgba = (colour) => {
    dot.clearRect(0, 0, 1, 1)
    dot.fillStyle = colour
    dot.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = dot.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const over = ([r, g, b, a], [r2, g2, b2]) => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1]
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((each) => each / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  /** What is painted where nobody paints anything. */
  const canvas = () => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.setProperty('background', 'Canvas')
    const colour = rgba(getComputedStyle(probe).backgroundColor)
    probe.remove()
    return colour
  }
  /** The colour behind an element's text. */
  const ground = (element) => {
    const layers = []
    for (let each = element; each; each = each.parentElement ?? each.getRootNode().host) {
      layers.push(rgba(getComputedStyle(each).backgroundColor))
      if (layers.at(-1)[3] === 1) break
    }
    return layers.reduceRight((below, layer) => over(layer, below), canvas())
  }
  const contrast = (colour, element) => {
    const below = ground(element)
    const [high, low] = [luminance(over(rgba(colour), below)), luminance(below)].sort((a, b) => b - a)
    return (high + 0.05) / (low + 0.05)
  }
  /** Every text on show with its contrast: `[text, contrast]`. What is disabled may be faint. */
  const texts = () => [...document.querySelectorAll('bigkey-tasks')].flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll('*')])
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .concat([...document.querySelectorAll('bigkey-tasks')].flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll('select')]))
    .filter((element) => element.tagName !== 'OPTION' && element.checkVisibility({ visibilityProperty: true }) && !element.matches('[aria-disabled=true], .announcer'))
    .map((element) => [`${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 20)}`, contrast(getComputedStyle(element).color, element)])
  document.measures = { contrast, texts }
}

/** No text is fainter than `least`. */
async function readable(page, least, where) {
  const texts = await page.evaluate(() => document.measures.texts())
  assert.ok(texts.length > 150, `${where}: only ${texts.length} texts found`)
  const faint = texts.filter(([, contrast]) => contrast < least).map(([text, contrast]) => `${text}: ${contrast.toFixed(2)}`)
  assert.deepEqual(faint, [], where)
}

async function everything(options) {
  const opened = await mount(EVERYTHING, options)
  const { page } = opened
  const list = controls(page.locator('#list'))
  await list.shows(1, 20)
  await page.locator('#error').getByRole('alert').waitFor()
  await page.locator('#empty').getByText('No failed tasks').waitFor()
  await page.locator('#form').getByRole('button', { name: 'Show tasks' }).waitFor()
  await list.rows.nth(8).getByRole('button').first().click()
  await page.getByRole('dialog').waitFor()
  return { ...opened, list }
}

test('every text stands out from what is behind it, in every theme, light and dark', LIMIT, async () => {
  const { page, clean, context } = await everything()
  for (const theme of THEMES) {
    await page.evaluate((theme) => new Promise((loaded, failed) => {
      document.querySelector('link[rel=stylesheet]')?.remove()
      if (theme === 'none') { loaded(); return }
      document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `themes/${theme}.css`, onload: loaded, onerror: failed }))
    }), theme)
    const least = theme === 'high-contrast' ? 7 : 4.5
    for (const scheme of ['light', 'dark']) {
      const set = (host, own) => page.evaluate(([host, own]) => {
        document.documentElement.style.setProperty('color-scheme', host)
        for (const element of document.querySelectorAll('bigkey-tasks')) element.theme = own
      }, [host, own])
      await set(scheme, 'auto')
      await readable(page, least, `${theme}, ${scheme} as the page is`)
      await set(scheme === 'light' ? 'dark' : 'light', scheme)
      await readable(page, least, `${theme}, ${scheme} in a page that is not`)
    }
  }
  clean()
  await context.close()
})

test('in a page whose layout asks how wide it would like to be, it takes the room there is', LIMIT, async () => {
  const { page, ui, clean, context } = await mount([LIST])
  await ui.shows(1, 20)
  const layouts = {
    'a flex row': ['display: flex', ''],
    'a flex column that centres': ['display: flex; flex-direction: column; align-items: center', ''],
    'a grid of its own making': ['display: grid; grid-template-columns: auto minmax(0, 1fr)', ''],
    'a float': ['', 'float: left'],
    'an inline block': ['', 'display: inline-block'],
    'a place of its own': ['position: relative', 'position: absolute'],
    'a flex box of itself': ['', 'display: flex'],
  }
  for (const [name, [around, own]] of Object.entries(layouts)) {
    const { width, room, wide } = await page.evaluate(([around, own]) => {
      const list = document.querySelector('bigkey-tasks')
      if (!list.parentElement.matches('.layout')) {
        const layout = Object.assign(document.createElement('div'), { className: 'layout' })
        list.before(layout)
        layout.append(Object.assign(document.createElement('nav'), { textContent: 'Menu' }), list)
      }
      list.parentElement.style = around
      list.style = own
      const boxed = list.shadowRoot.querySelector('.box').getBoundingClientRect()
      return { width: boxed.width, room: list.parentElement.getBoundingClientRect().width, wide: document.documentElement.scrollWidth - innerWidth }
    }, [around, own])
    assert.ok(width > room - 60, `${name}: ${width} of ${room} px`)
    assert.ok(wide <= 0, `${name}: the page is ${wide} px wider than the window`)
  }
  clean()
  await context.close()
})

test('a theme of its own holds where the host makes the element inline, or unsets all of it', LIMIT, async () => {
  const { page, ui, clean, context } = await mount([LIST])
  await ui.shows(1, 20)
  for (const rule of ['display: inline', 'all: unset !important']) {
    await page.evaluate((rule) => {
      document.adoptedStyleSheets = [new CSSStyleSheet()]
      document.adoptedStyleSheets[0].replaceSync(`bigkey-tasks { ${rule} }`)
    }, rule)
    for (const [theme, ground] of [['light', 'rgb(255, 255, 255)'], ['dark', 'rgb(20, 24, 29)']]) {
      await page.evaluate((theme) => { document.querySelector('bigkey-tasks').theme = theme }, theme)
      assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('bigkey-tasks').shadowRoot.querySelector('.box')).backgroundColor), ground, `${rule}, ${theme}`)
      await readable(page, 4.5, `${rule}, ${theme}`)
    }
  }
  clean()
  await context.close()
})

test('for readers who want more contrast, secondary text, lines and frames stand out more', LIMIT, async () => {
  const seen = {}
  for (const contrast of ['no-preference', 'more']) {
    for (const colorScheme of ['light', 'dark']) {
      const { page, ui, clean, context } = await mount([LIST], { contrast, colorScheme })
      await ui.shows(1, 20)
      seen[contrast + colorScheme] = await page.evaluate((scheme) => {
        document.documentElement.style.setProperty('color-scheme', scheme)
        const { shadowRoot } = document.querySelector('bigkey-tasks')
        const of = (selector, property) => {
          const element = shadowRoot.querySelector(selector)
          return document.measures.contrast(getComputedStyle(element)[property], element)
        }
        return { label: of('.field > span', 'color'), line: of('table', 'borderBottomColor'), frame: of('.refresh', 'borderTopColor') }
      }, colorScheme)
      // What the host chose stays.
      await page.evaluate(() => document.documentElement.style.setProperty('--bigkey-text-muted', 'rgb(1, 2, 3)'))
      assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('bigkey-tasks').shadowRoot.querySelector('.field > span')).color), 'rgb(1, 2, 3)')
      clean()
      await context.close()
    }
  }
  for (const scheme of ['light', 'dark']) {
    const [before, after] = [seen[`no-preference${scheme}`], seen[`more${scheme}`]]
    for (const name of Object.keys(before)) assert.ok(after[name] > before[name] * 1.2, `${name}, ${scheme}: ${before[name].toFixed(2)} and ${after[name].toFixed(2)}`)
    assert.ok(after.label >= 7 && after.line >= 4.5 && after.frame >= 7, JSON.stringify(after))
  }
})

for (const colorScheme of ['light', 'dark']) {
  test(`with forced colours, on a ${colorScheme} ground, nothing disappears`, LIMIT, async () => {
    const { page, list, clean, context } = await everything({ forcedColors: 'active', colorScheme })
    await readable(page, 4.5, 'forced colours')
    const faint = await page.evaluate(() => {
      const found = []
      const check = (what, element, colour, least) => { const { contrast } = document.measures; if (contrast(colour, element) < least) found.push(`${what}: ${colour}`) }
      for (const { shadowRoot } of document.querySelectorAll('bigkey-tasks')) {
        for (const frame of shadowRoot.querySelectorAll('button:not(td button, [aria-disabled=true]), select, input, .notice, dialog')) {
          if (frame.checkVisibility()) check(`frame of ${frame.tagName}.${frame.className}`, frame.parentElement, getComputedStyle(frame).borderTopColor, 3)
        }
        for (const drawn of shadowRoot.querySelectorAll('.badge, .next, .last, .copy')) {
          if (!drawn.checkVisibility()) continue
          const { backgroundColor, borderTopColor, borderTopStyle } = getComputedStyle(drawn, '::before')
          check(`shape of ${drawn.className}`, drawn, borderTopStyle === 'none' ? backgroundColor : borderTopColor, 4.5)
        }
      }
      return found
    })
    assert.deepEqual(faint, [])
    const look = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector('#list')
      const of = (selector, pseudo) => getComputedStyle(shadowRoot.querySelector(selector), pseudo)
      return {
        statuses: [...new Set([...shadowRoot.querySelectorAll('.badge')].map((badge) => badge.className))].length,
        isRunningHalfFull: /gradient/.test(of('.running', '::before').backgroundImage),
        isWaitingEmpty: of('.waiting', '::before').backgroundImage === 'none',
        current: of('[aria-current]').backgroundColor, other: of('.number:not([aria-current])').backgroundColor,
      }
    })
    assert.ok(look.statuses >= 4, 'a badge of every status')
    assert.ok(look.isRunningHalfFull && look.isWaitingEmpty, 'the rings of waiting and running tasks differ')
    assert.notEqual(look.current, look.other, 'the current page')
    await page.keyboard.press('Escape')
    for (const control of [list.status, list.refresh, list.number(2), list.rows.first().getByRole('button').first()]) {
      await control.focus()
      await page.keyboard.press('Shift+Tab') // what the keyboard focuses has a ring
      await page.keyboard.press('Tab')
      const ring = await page.evaluate(() => {
        const element = document.querySelector('#list').shadowRoot.activeElement
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element)
        return { style: outlineStyle, width: parseFloat(outlineWidth), contrast: document.measures.contrast(outlineColor, element.parentElement) }
      })
      assert.ok(ring.style === 'solid' && ring.width >= 2 && ring.contrast >= 3, JSON.stringify(ring))
    }
    clean()
    await context.close()
  })
}

/** Where things are: each control's place from the left, what sticks out of the element, and how far arrows turn. */
const geometry = (page) => page.evaluate(() => {
  const element = document.querySelector('#list')
  const { shadowRoot } = element
  const box = element.getBoundingClientRect()
  const left = (selector) => shadowRoot.querySelector(selector).getBoundingClientRect().left
  return {
    direction: getComputedStyle(shadowRoot.querySelector('table')).direction,
    places: ['.first', '.previous', '.number', '.next', '.last'].map(left),
    head: [...shadowRoot.querySelectorAll('th')].map((each) => each.getBoundingClientRect().left),
    arrows: ['.first', '.previous', '.next', '.last'].map((name) => new DOMMatrix(getComputedStyle(shadowRoot.querySelector(name), '::before').transform).a),
    outside: [...shadowRoot.querySelectorAll('.app *')].filter((each) => {
      const { left, right, width } = each.getBoundingClientRect()
      return width > 1 && each.checkVisibility() && !each.closest('dialog, .announcer, thead') && (left < box.left - 1 || right > box.right + 1)
    }).map((each) => each.outerHTML.slice(0, 80)),
    scrolls: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  }
})
const ascending = (numbers) => numbers.every((number, i) => i === 0 || number > numbers[i - 1])

test('in a page from right to left the English list reads from left to right, and nothing overflows', LIMIT, async () => {
  const { page, ui, clean, context } = await mount([LIST], { viewport: { width: 1280, height: 900 } })
  await ui.shows(1, 20)
  await page.evaluate(() => Object.assign(document.documentElement, { dir: 'rtl', lang: 'ar' }))
  for (const width of [1280, 900, 390]) {
    await page.setViewportSize({ width, height: 900 })
    const { direction, places, head, arrows, outside, scrolls } = await geometry(page)
    assert.equal(direction, 'ltr')
    assert.ok(ascending(places), `places at ${width}: ${places}`)
    if (width === 1280) assert.ok(ascending(head), `columns: ${head}`)
    assert.deepEqual(arrows, [1, 1, -1, -1], 'First and Previous point left, Next and Last right')
    assert.deepEqual(outside, [], `at ${width}`)
    assert.ok(!scrolls, `the page scrolls sideways at ${width}`)
    await ui.rows.first().getByRole('button').first().click()
    const dialog = await page.getByRole('dialog').boundingBox()
    assert.ok(dialog.x >= 0 && dialog.x + dialog.width <= width, `the dialog at ${width}: ${JSON.stringify(dialog)}`)
    assert.ok(!(await geometry(page)).scrolls)
    await page.keyboard.press('Escape')
  }
  // A language from right to left mirrors it: the stylesheet knows no left and right.
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.evaluate(() => { document.querySelector('#list').shadowRoot.querySelector('.app').dir = 'rtl' })
  const mirrored = await geometry(page)
  assert.ok(ascending(mirrored.places.reverse()) && ascending(mirrored.head.reverse()), JSON.stringify(mirrored))
  assert.deepEqual(mirrored.arrows, [-1, -1, 1, 1])
  assert.deepEqual(mirrored.outside, [])
  clean()
  await context.close()
})

test('a failed start is told in the direction of its own language', LIMIT, async () => {
  const { page, context } = await open(origin)
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404 }))
  await page.evaluate(async () => {
    Object.assign(document.documentElement, { dir: 'rtl', lang: 'ar' })
    document.body.append(document.createElement('bigkey-tasks'))
    await import('/bigkey-tasks.js')
  })
  const alert = page.getByRole('alert')
  await alert.waitFor()
  assert.deepEqual(await alert.evaluate((notice) => [getComputedStyle(notice).direction, notice.lang]), ['ltr', 'en'])
  await context.close()
})
