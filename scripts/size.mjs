#!/usr/bin/env node
// What the first view loads from dist/, and whether that is within the budget; and what is loaded on demand.
//   node scripts/size.mjs [--check] [--markdown]
// --check fails when the budget is spent, or when a file that the page names is not there.
import fs from 'node:fs'
import path from 'node:path'
import { brotli, gzip } from './compress.mjs'

/** All of the product that the first view loads, after brotli: 64 kB. */
const BUDGET = 64_000
/** With the answer of the list call. */
const REQUESTS = 5

const dist = path.resolve(import.meta.dirname, '../dist')
const fail = (text) => { console.error(`error: ${text}`); process.exit(1) }
if (!fs.existsSync(path.join(dist, 'index.html'))) fail('there is no dist/index.html: make build')
const page = fs.readFileSync(path.join(dist, 'index.html'), 'utf8')

const local = [...page.matchAll(/<(?:link|script)[^>]*\s(?:href|src)="([^"]+)"/g)].map((m) => m[1]).filter((a) => !/^[a-z]+:/i.test(a))
const names = ['index.html', ...new Set(local.map((a) => path.normalize(a)))]
const measure = (name) => {
  const file = path.join(dist, name)
  if (!fs.existsSync(file)) fail(`index.html names ${name}, which is not in dist/`)
  const raw = fs.readFileSync(file)
  for (const [ending, compress] of [['.br', brotli], ['.gz', gzip]]) {
    if (!fs.existsSync(file + ending) || !fs.readFileSync(file + ending).equals(compress(raw))) fail(`dist/${name}${ending} is missing or stale: make build`)
  }
  return { name, raw: raw.length, gzip: fs.statSync(`${file}.gz`).size, brotli: fs.statSync(`${file}.br`).size }
}
const files = names.map(measure)
const onDemand = fs.readdirSync(dist).filter((name) => /\.(js|wasm)$/.test(name) && !names.includes(name)).sort().map(measure)
const total = { name: `${files.length} files`, raw: 0, gzip: 0, brotli: 0 }
for (const f of files) for (const k of ['raw', 'gzip', 'brotli']) total[k] += f[k]

const number = (n) => n.toLocaleString('en-US')
const markdown = process.argv.includes('--markdown')
const width = Math.max(...[...files, ...onDemand].map((f) => f.name.length))
const line = markdown ? (c) => `| ${c.join(' | ')} |` : ([a, ...rest]) => `  ${a.padEnd(width)}${rest.map((x) => x.padStart(10)).join('')}`
console.log(line(['First view, bytes', 'raw', 'gzip', 'brotli']))
if (markdown) console.log(line(['---', '---:', '---:', '---:']))
const row = (f) => line([f.name.replace(/-[0-9a-f]{16}/, markdown ? '' : '$&'), number(f.raw), number(f.gzip), number(f.brotli)])
for (const f of [...files, total]) console.log(row(f))
console.log(`${markdown ? '\n' : '  '}${number(total.brotli)} of ${number(BUDGET)} bytes of the budget (${(100 * total.brotli / BUDGET).toFixed(1)} %), ${files.length + 1} requests with the answer`)

console.log(`\n${line(['On demand, bytes', 'raw', 'gzip', 'brotli'])}`)
if (markdown) console.log(line(['---', '---:', '---:', '---:']))
for (const f of onDemand) console.log(row(f))

if (process.argv.includes('--check')) {
  if (total.brotli > BUDGET) fail(`the first view is ${number(total.brotli - BUDGET)} bytes over its budget of ${number(BUDGET)} after brotli. make bench shows which crate the bytes belong to`)
  if (files.length + 1 > REQUESTS) fail(`the first view needs ${files.length + 1} requests, at most ${REQUESTS} are allowed`)
}
