// What src/view/batch.rs and rows.rs have done to the rows, many steps in one call: a call between wasm and the browser
// costs more than most of these steps. All that is decided is decided there.

/**
 * Makes or removes rows at the end until there are so many, each a copy of the template. `nodes` has three of each cell:
 * the cell, the element in it that has its text (the cell itself, if nothing is in between), and the text.
 */
export function resize(body, template, length, nodes) {
  const batch = document.createDocumentFragment()
  for (let have = body.childElementCount; have < length; have++) {
    const row = template.cloneNode(true)
    for (let cell = row.firstChild; cell; cell = cell.nextSibling) {
      const inner = cell.firstElementChild ?? cell
      nodes.push(cell, inner, inner.firstChild)
    }
    batch.append(row)
  }
  body.append(batch)
  while (body.childElementCount > length) body.lastChild.remove()
  nodes.length = 3 * template.childElementCount * length
}

/**
 * Takes the steps, three numbers each: the place of a node, what is written of it (0 its text, 2 its class; one more if that
 * is a word), and how much of the texts that is, or which of the words. Then the instants, three numbers each: the
 * place of a `<time>`, milliseconds, and which of the words says how long ago that was. Where they are not only told in
 * another way, but `anew`, that goes for machines too, and the `<time>` is put where there may have been something else.
 */
export function write(nodes, steps, texts, instants, words, format, anew) {
  for (let i = 0, at = 0; i < steps.length; i += 3) {
    const node = nodes[steps[i]], what = steps[i + 1], n = steps[i + 2]
    const value = what & 1 ? words[n] : texts.slice(at, (at += n))
    if (what < 2) node.textContent = value
    else node.className = value
  }
  const said = format?.format
  for (let i = 0; i < instants.length; i += 3) {
    const place = instants[i], millis = instants[i + 1], time = nodes[place], cell = nodes[place - 1]
    const iso = () => new Date(millis).toISOString()
    nodes[place + 1].data = `${said ? said(millis) : iso()}\n${words[instants[i + 2]]}`
    if (!anew) continue
    time.dateTime = iso()
    if (time.parentNode !== cell) cell.replaceChildren(time)
  }
}
