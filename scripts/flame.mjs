// A flame graph, as SVG, of what `perf script` prints: every sample a stack of functions, the innermost first.
//
// Each box is a function, as wide as its share of the samples; on it stands what it called. Its title has the whole name.
import { execFileSync } from 'node:child_process'

const width = 1200
const height = 16
/** Boxes narrower than this share of all are left out: nobody could read them, and the file stays small. */
const least = 0.003

/** Runs a command that samples process `pid` for so many seconds, at the same time as `load`. */
export const sample = async (pid, seconds, file, spawn, load) => {
  const args = ['record', '-q', '-F', '499', '-e', 'cpu-clock', '--call-graph', 'dwarf,16384', '-o', file, '-p', String(pid), '--', 'sleep', String(seconds)]
  const perf = spawn('perf', args)
  load()
  await new Promise((resolve) => perf.exitCode === null ? perf.once('exit', resolve) : resolve())
  // Without --no-inline it asks addr2line for every frame, which takes hours.
  return execFileSync('perf', ['script', '--no-inline', '-F', 'ip,sym', '-i', file], { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] })
}

const short = (name) => name
  .replace(/\+0x[0-9a-f]+$/, '')
  .replace(/::h[0-9a-f]{16}$/, '')
  .replace(/::\{\{closure\}\}/g, '')

/** The stacks as a tree of calls. */
export const tree = (script) => {
  const root = { name: 'all', count: 0, children: new Map() }
  for (const sample of script.split(/\n\s*\n/)) {
    const stack = sample.split('\n').map((line) => line.trim().match(/^[0-9a-f]+ (.+)$/)?.[1]).filter(Boolean).map(short).reverse()
    if (stack.length === 0) continue
    let node = root
    node.count++
    for (const name of stack) {
      // A function that calls itself, or its closure, is one box.
      if (name === node.name) continue
      if (!node.children.has(name)) node.children.set(name, { name, count: 0, children: new Map() })
      node = node.children.get(name)
      node.count++
    }
  }
  return root
}

const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign])
const color = (name) => {
  if (name.startsWith('bigkey_tasks')) return '#e8a33d'
  if (/^(hyper|http|httparse)/.test(name)) return '#e0c95a'
  if (/^<?(tokio|mio|futures)/.test(name)) return '#a9c972'
  return '#d8d4cc'
}

/** The picture of such a tree. */
export const svg = (root) => {
  const boxes = []
  let depth = 0
  const draw = (node, left, level) => {
    const wide = node.count / root.count
    if (wide < least) return
    depth = Math.max(depth, level)
    boxes.push({ node, left, level, wide })
    let at = left
    for (const child of [...node.children.values()].sort((a, b) => b.count - a.count)) {
      draw(child, at, level + 1)
      at += child.count / root.count
    }
  }
  draw(root, 0, 0)
  const high = (depth + 1) * height
  const one = ({ node, left, level, wide }) => {
    const [x, y, w] = [(left * width).toFixed(1), high - (level + 1) * height, (wide * width).toFixed(1)]
    const name = node.name.split('::').slice(-2).join('::')
    const room = Math.floor((wide * width - 4) / 6.2)
    const text = room < 3 ? '' : `<text x="${(left * width + 2).toFixed(1)}" y="${y + 11}">${escape(name.slice(0, room))}</text>`
    return `<g><title>${escape(node.name.slice(0, 160))}: ${(wide * 100).toFixed(1)} %</title><rect x="${x}" y="${y}" width="${w}" height="${height - 1}" fill="${color(node.name)}"/>${text}</g>`
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${high}" font-family="monospace" font-size="10">${boxes.map(one).join('\n')}</svg>\n`
}

/** The functions that the samples were taken in, and their share: [name, share], the greatest first. */
export const hottest = (root, many) => {
  const own = new Map()
  const walk = (node) => {
    let rest = node.count
    for (const child of node.children.values()) {
      rest -= child.count
      walk(child)
    }
    own.set(node.name, (own.get(node.name) ?? 0) + rest)
  }
  walk(root)
  return [...own].sort((a, b) => b[1] - a[1]).slice(0, many).map(([name, count]) => [name, count / root.count])
}
