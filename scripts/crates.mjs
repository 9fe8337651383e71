#!/usr/bin/env node
// Which crate, and which of our modules, the bytes of the release's wasm belong to: optimises it as the build does, but
// with the names kept.
//   node scripts/crates.mjs [FILE.wasm] [--functions N]     FILE as scripts/finish.mjs leaves it before it is optimised
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { PARTS, source } from './bundle.mjs'
import { wasmOpt } from './wasm-opt.mjs'
import { CUSTOM, countImported, functionBodies, functionNames, sections } from './wasm.mjs'

const args = process.argv.slice(2)
const at = args.indexOf('--functions')
const shown = at < 0 ? 15 : Number(args.splice(at, 2)[1])
const [input = path.join(PARTS, 'bigkey-tasks.named.wasm')] = args
if (!fs.existsSync(input)) { console.error(`error: no such wasm file: ${input}`); process.exit(1) }

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bigkey-'))
wasmOpt(input, path.join(folder, 'named.wasm'))
const bytes = fs.readFileSync(path.join(folder, 'named.wasm'))
fs.rmSync(folder, { recursive: true })

const SECTIONS = ['custom', 'type', 'import', 'function', 'table', 'memory', 'global', 'export', 'start', 'element', 'code', 'data', 'data count']
const labelled = sections(bytes).filter(({ id }) => id !== CUSTOM).map(({ id, body }) => [SECTIONS[id] ?? `section ${id}`, body.length])
const names = functionNames(bytes), imported = countImported(bytes)
const functions = functionBodies(bytes).map((body) => body.length)

// A generic function of one crate over the types of another counts for the crate that wrote it: the first path in its
// name. Closures and trait objects come after `<` or `&`; an externref shim has its exported function inlined.
const crateOf = (name) => (/ externref shim$/.test(name) ? 'bigkey_tasks' : undefined) ?? /(?:^|[<&(*\s])(?:dyn |mut |const )?([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::/.exec(name)?.[1] ?? (/^(mem|__rust|__rdl|rust_|__wbindgen|dlmalloc)/.test(name) ? 'runtime' : '(unnamed)')
// The same for our own modules: as far as a function's path leads to a file.
const isModule = (segments) => ['.rs', '/mod.rs'].some((ending) => fs.existsSync(path.join(source, 'src', segments.join('/') + ending)))
const moduleOf = (name) => {
  const segments = /\bbigkey_tasks(?:\[[0-9a-f]+\])?::((?:[a-z_]+::)+)/.exec(name)?.[1].split('::').filter(Boolean) ?? []
  while (segments.length > 0 && !isModule(segments)) segments.pop()
  return segments.join('::') || 'what is exported, and others'
}
const all = functions.map((size, i) => ({ size, name: names.get(imported + i) ?? '?' }))
/** The functions' sizes and numbers by what `group` says of a name, the largest first. */
function sums(functions, group) {
  const groups = new Map()
  for (const { size, name } of functions) {
    const sum = groups.get(group(name)) ?? { size: 0, count: 0 }
    sum.size += size
    sum.count++
    groups.set(group(name), sum)
  }
  return [...groups].sort((a, b) => b[1].size - a[1].size)
}
const code = functions.reduce((a, b) => a + b, 0)
const n = (x) => x.toLocaleString('en-US').padStart(9)
console.log(`  wasm, raw bytes by section: ${labelled.filter(([, s]) => s > 100).map(([l, s]) => `${l} ${s.toLocaleString('en-US')}`).join(', ')}`)
const table = (title, rows) => {
  console.log(`\n      bytes   of code   functions  ${title}`)
  for (const [name, { size, count }] of rows) console.log(`  ${n(size)}  ${(100 * size / code).toFixed(1).padStart(6)} %  ${n(count)}   ${name}`)
}
table('crate', sums(all, crateOf).slice(0, 24))
table('module of bigkey_tasks', sums(all.filter(({ name }) => crateOf(name) === 'bigkey_tasks'), moduleOf).slice(0, 24))
console.log('\n      bytes   largest functions')
for (const { size, name } of all.sort((a, b) => b.size - a.size).slice(0, shown)) console.log(`  ${n(size)}   ${name.length > 130 ? `${name.slice(0, 127)}…` : name}`)
