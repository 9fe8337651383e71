// What src/view/batch.rs and rows.rs have done to the rows, many steps in one call: a call between wasm and the browser
// costs more than most of these steps. All that is decided is decided there.

/**
 * Makes or removes rows at the end until there are so many, each a copy of the template. `nodes` has three of each cell:
 * the cell, the element in it that has its text (the cell itself, if nothing is in between), and the text.
 */
export function resize(body, template, length, nodes) {
  const rows = document.createDocumentFragment()
  for (let have = body.childElementCount; have < length; have++) {
    const row = template.cloneNode(true)
    for (let cell = row.firstChild; cell; cell = cell.nextSibling) {
      const inner = cell.firstElementChild ?? cell
      nodes.push(cell, inner, inner.firstChild)
    }
    rows.append(row)
  }
  body.append(rows)
  while (body.childElementCount > length) body.lastChild.remove()
  nodes.length = 3 * template.childElementCount * length
}

/**
 * Writes into `range` where the rows begin and end that a reader may see, and so many more on either side, if all are equally
 * high. While there is none, they are taken for as low as the IDs in them can be (style/table.css).
 */
export function near(body, margin, range) {
  const { top, height } = body.getBoundingClientRect(), rows = body.childElementCount, row = rows ? height / rows : 24
  range.set([-top / row - margin, (innerHeight - top) / row + margin])
}

/**
 * Takes the steps, each of three numbers: the place of a node, what is written of it (0 its text, 2 its class; one more if
 * that is a word), and how much of the texts that is, or which of the words. With 4 it is an instant in a `<time>`, the word
 * says how long ago that was, and the milliseconds follow. Where instants are not only told in another way, but `anew`,
 * they are told to machines too, and the `<time>` is put where there may have been something else.
 */
export function write(nodes, steps, texts, words, format, anew) {
  const tell = format?.format
  for (let i = 0, at = 0; i < steps.length;) {
    const place = steps[i++], what = steps[i++], n = steps[i++], node = nodes[place]
    if (what > 3) {
      const millis = steps[i++], cell = nodes[place - 1], iso = anew || !tell ? new Date(millis).toISOString() : ''
      nodes[place + 1].data = `${tell ? tell(millis) : iso}\n${words[n]}`
      if (!anew) continue
      node.dateTime = iso
      if (node.parentNode !== cell) cell.replaceChildren(node)
      continue
    }
    const value = what & 1 ? words[n] : texts.slice(at, (at += n))
    if (what < 2) node.textContent = value
    else node.className = value
  }
}
