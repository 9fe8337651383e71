// What a page in some state is looked through for: by axe, and by measuring what axe does not.
import { axeSource } from './stage.mjs'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** The rules of axe whose result depends on colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** Puts axe and the measures of this file into the page, once a document. */
export async function prepare(page) {
  await page.evaluate(axeSource())
  const measures = [everything, cutOff, overlaps, small, moving]
  await page.evaluate(`window.measure = (() => { ${measures.join('\n')}\nreturn { ${measures.map(({ name }) => name)} } })()`)
}

/** All findings, as lines of text; `colours`: only those that another theme can bring. */
export async function findings(page, { colours = false } = {}) {
  return page.evaluate(async ([runOnly, colours]) => {
    const { everything, cutOff, overlaps, small, moving } = window.measure
    const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'], preload: false })
    const told = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.flat().join(' ')} ${node.any[0]?.message ?? ''}`))
    if (colours) return told
    const { scrollWidth, clientWidth } = document.scrollingElement
    if (scrollWidth > clientWidth) told.push(`the page is ${scrollWidth - clientWidth} px too wide`)
    const all = everything(document)
    return told.concat(cutOff(all), overlaps(all), small(all), moving(all))
  }, [colours ? { type: 'rule', values: COLOUR_RULES } : TAGS, colours])
}

// ---------------------------------------------------------------- in the page

/** All elements that can be seen, in the page and in shadow roots. Under a modal dialog, only those in it. */
function everything(root) {
  const all = []
  const into = (node) => {
    for (const element of node.querySelectorAll('*')) {
      if (element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('.announcer')) all.push(element)
      if (element.shadowRoot) into(element.shadowRoot)
    }
  }
  into(root)
  const dialog = all.find((element) => element.matches('dialog[open]'))
  return dialog ? all.filter((element) => dialog.contains(element)) : all
}

/** Text that is cut off. An ellipsis may stand for what can be read elsewhere: a task's fields, in its dialog. */
function cutOff(all) {
  const told = []
  const name = (element) => `${element.className || element.localName} “${element.textContent.trim().slice(0, 40)}”`
  const range = document.createRange()
  for (const element of all) {
    const style = getComputedStyle(element)
    if (element.localName === 'select') {
      const pen = (window.measure.pen ??= document.createElement('canvas').getContext('2d'))
      pen.font = style.font
      const needed = pen.measureText(element.selectedOptions[0]?.text ?? '').width + parseFloat(style.paddingInlineStart) + parseFloat(style.paddingInlineEnd) + 16
      if (needed > element.clientWidth) told.push(`cut off: the choice “${element.selectedOptions[0].text}”`)
      continue
    }
    if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue
    // The column headers of blocks are there for assistive technology alone.
    if (element.closest('thead') && getComputedStyle(element.closest('thead')).clipPath !== 'none') continue
    range.selectNodeContents(element)
    const text = range.getBoundingClientRect()
    if (!text.width) continue // out of sight, and not laid out
    let abridged = false
    for (let box = element; box && box !== element.getRootNode().host; box = box.parentElement) {
      const { overflowX, textOverflow } = getComputedStyle(box)
      if (overflowX === 'visible') continue
      const edge = box.getBoundingClientRect()
      const sideways = text.left < edge.left - 1 || text.right > edge.right + 1
      const lengthways = text.top < edge.top - 2 || text.bottom > edge.bottom + 2
      if (sideways && textOverflow === 'ellipsis' && box.matches('td, td *')) { abridged = true; continue }
      if (overflowX !== 'auto' && (sideways || lengthways)) told.push(`cut off ${sideways ? 'sideways' : 'lengthways'} by ${box.className || box.localName}: ${name(element)}`)
    }
    if (!abridged && (text.left < -1 || text.right > innerWidth + 1)) told.push(`cut off by the window: ${name(element)}`)
  }
  return told
}

/** Texts that lie on other texts. */
function overlaps(all) {
  const told = []
  const texts = []
  const range = document.createRange()
  for (const element of all) {
    if (element.closest('thead, select, .loading-text')) continue
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue
      range.selectNodeContents(node)
      const box = (element.closest('td') ?? element).getBoundingClientRect()
      const list = element.closest('.known')?.getBoundingClientRect() // which scrolls: what is beyond its edges is not painted
      for (const { left, right, top, bottom } of range.getClientRects()) {
        if (list && (bottom <= list.top || top >= list.bottom)) continue
        // What a cell cuts off with an ellipsis is not painted.
        const clipped = getComputedStyle(element.closest('td') ?? element).overflowX !== 'visible'
        texts.push({ element, left: clipped ? Math.max(left, box.left) : left, right: clipped ? Math.min(right, box.right) : right, top, bottom })
      }
    }
  }
  texts.forEach((a, i) => {
    for (const b of texts.slice(i + 1)) {
      if (a.element === b.element) continue
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4) {
        told.push(`one text on another: “${a.element.textContent.slice(0, 30)}” and “${b.element.textContent.slice(0, 30)}”`)
      }
    }
  })
  return told
}

/** What is to be hit with a finger, and is smaller than 24 by 24 px. */
function small(all) {
  return all.filter((element) => element.matches('button, select, input, a[href]')).flatMap((element) => {
    // A box is ticked by its label too.
    const { width, height } = (element.matches('[type=checkbox]') ? element.closest('label') : element).getBoundingClientRect()
    return width > 0 && (width < 24 || height < 24) ? [`small: ${element.className || element.localName} “${element.textContent.slice(0, 20)}” is ${Math.round(width)} × ${Math.round(height)} px`] : []
  })
}

/** What moves or fades, for a reader who asked for no motion. */
function moving(all) {
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) return []
  const seconds = (list) => Math.max(...list.split(',').map((time) => parseFloat(time) * (/ms$/.test(time.trim()) ? 0.001 : 1)))
  const told = new Set()
  for (const element of all) {
    for (const pseudo of [null, '::before', '::after']) {
      const style = getComputedStyle(element, pseudo)
      if (style.animationName !== 'none' && seconds(style.animationDuration) > 0.01) told.add(`moves: ${style.animationName} of ${element.className || element.localName}${pseudo ?? ''}`)
      if (seconds(style.transitionDuration) > 0.01) told.add(`moves: ${style.transitionProperty} of ${element.className || element.localName}${pseudo ?? ''}`)
    }
  }
  return [...told]
}
