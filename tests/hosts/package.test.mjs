// The package as it is installed: complete, consistent with the sources, and usable by a script tag alone.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { BUILD, INSTALLED, runtime, startStatic } from '../../examples/hosts.mjs'
import { readApi, structs } from '../../scripts/package/api.mjs'
import { open, until } from './harness.mjs'

const read = (name) => fs.readFileSync(path.join(INSTALLED, name), 'utf8')
const manifest = JSON.parse(read('package.json'))

test('everything that package.json names is there', () => {
  const named = JSON.stringify([Object.values(manifest.exports), manifest.main, manifest.types, manifest.customElements, manifest.sideEffects]).match(/\.\/[^"]+/g)
  for (const name of named) {
    const pattern = name.split('*')
    const found = pattern.length === 1 ? fs.existsSync(path.join(INSTALLED, name)) : fs.readdirSync(path.join(INSTALLED, path.dirname(name))).some((each) => each.endsWith(pattern[1]))
    assert.ok(found, name)
  }
  for (const name of ['README.md', 'LICENSE']) assert.ok(read(name).length > 500, name)
  assert.deepEqual(Object.keys(manifest.dependencies ?? {}), [])
  const resolved = spawnSync(process.execPath, ['-e', "for (const name of ['', '/wasm', '/extras-wasm', '/react', '/vue', '/svelte', '/themes/high-contrast.css', '/custom-elements.json']) require.resolve('bigkey-tasks' + name)"], { cwd: path.resolve(INSTALLED, '../..'), encoding: 'utf8' })
  assert.equal(resolved.status, 0, resolved.stderr)
})

test('the scripts find the files beside them in the way that bundlers follow, and hold no address of their own', () => {
  const scripts = ['bigkey-tasks.js', 'bigkey-extras.js'].map(read)
  for (const name of runtime().slice(2)) assert.ok(scripts.some((script) => script.includes(`new URL("./${name}",import.meta.url)`)), name)
  for (const script of scripts) {
    assert.doesNotMatch(script, /https?:\/\/(?!www\.w3\.org)/)
    assert.doesNotMatch(script, /\beval\(|new Function\(/)
  }
})

test('types and manifest hold every name of the sources', () => {
  const api = readApi()
  const types = read('index.d.ts')
  for (const { name, fields } of api.types) {
    const body = new RegExp(`interface ${name} \\{([^}]*)\\}`).exec(types)?.[1]
    assert.deepEqual([...body.matchAll(/^ {2}(\w+)\??:/gm)].map((each) => each[1]), fields.map((field) => field.name), name)
  }
  const [module] = JSON.parse(read('custom-elements.json')).modules
  const element = module.declarations.find(({ tagName }) => tagName === 'bigkey-tasks')
  const names = (list) => list.map(({ name }) => name)
  assert.deepEqual(names(element.attributes), names(api.attributes))
  assert.deepEqual(names(element.events), names(api.events))
  assert.deepEqual(names(element.cssParts), names(api.parts))
  assert.deepEqual(names(element.cssProperties), api.tokens.map(({ name }) => `--bigkey-${name}`))
  for (const { name } of api.tokens) assert.ok(read('README.md').includes(`--bigkey-${name}`), name)
})

test('a field that cannot be read, or that nobody described, is an error and not left out', () => {
  const sample = (field) => `/// Words.\n#[derive(Serialize)]\nstruct Sample<'a> {\n    /// One.\n    one: &'a str,\n${field}}\n`
  assert.deepEqual(structs(sample('')).map(({ name, fields }) => [name, fields.map((field) => field.name)]), [['Sample', ['one']]])
  assert.deepEqual(structs(sample('    #[serde(skip)]\n    two: u64,\n'))[0].fields.length, 1)
  assert.throws(() => structs(sample('    #[serde(flatten)]\n    two: Other,\n')), /flatten/)
  assert.throws(() => structs(sample('    two u64,\n')), /cannot read/)
})

test('the themes set tokens that exist, and high contrast deserves its name', () => {
  const luminance = (hex) => {
    const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : hex.slice(1).match(/../g)
    const [r, g, b] = digits.map((pair) => parseInt(pair, 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a, b) => { const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x); return (high + 0.05) / (low + 0.05) }
  const known = readApi().tokens.map(({ name }) => name)
  for (const [theme, least] of [['high-contrast', 7], ['warm', 4.5], ['compact', 0]]) {
    const text = fs.readFileSync(path.resolve(import.meta.dirname, `../../style/themes/${theme}.css`), 'utf8')
    const colours = {}
    for (const [, name, light, dark] of text.matchAll(/--bigkey-([\w-]+): (?:light-dark\((#\w+), (#\w+)\))?/g)) {
      assert.ok(known.includes(name), `${theme}: ${name}`)
      if (light) colours[name] = [light, dark]
    }
    if (!least) continue
    for (const name of ['text', 'text-muted', 'accent', 'waiting', 'running', 'success', 'failed', 'warning']) {
      for (const ground of ['surface', 'surface-raised']) {
        for (const mode of [0, 1]) assert.ok(contrast(colours[name][mode], colours[ground][mode]) >= least, `${theme}: ${name} on ${ground}, ${['light', 'dark'][mode]}: ${contrast(colours[name][mode], colours[ground][mode]).toFixed(2)}`)
      }
    }
    for (const mode of [0, 1]) assert.ok(contrast(colours['on-accent'][mode], colours.accent[mode]) >= least, `${theme}: on-accent`)
  }
})

test('a script tag with the printed hash works from any static server, and a changed script does not run', { timeout: 60_000 }, async () => {
  const integrity = `sha384-${crypto.createHash('sha384').update(fs.readFileSync(path.join(INSTALLED, 'bigkey-tasks.js'))).digest('base64')}`
  assert.ok(read('README.md').includes(integrity))
  const page = path.join(BUILD, 'script-tag')
  fs.mkdirSync(page, { recursive: true })
  for (const name of runtime()) fs.copyFileSync(path.join(INSTALLED, name), path.join(page, name))
  for (const name of ['bigkey-tasks.js', 'changed.js']) {
    fs.writeFileSync(path.join(page, `${name}.html`), `<!doctype html><title>x</title><link rel="icon" href="data:,"><script type="module" src="${name}" integrity="${integrity}" crossorigin></script><bigkey-tasks></bigkey-tasks>`)
  }
  fs.writeFileSync(path.join(page, 'changed.js'), `${read('bigkey-tasks.js')}\n`)
  const server = until(await startStatic(page))
  const good = await open(`${server.origin}/bigkey-tasks.js.html`)
  await good.ui.show.waitFor()
  good.clean()
  await good.context.close()
  const bad = await open(`${server.origin}/changed.js.html`)
  await bad.page.waitForLoadState('load')
  assert.equal(await bad.page.evaluate(() => customElements.get('bigkey-tasks') === undefined), true)
  await bad.context.close()
})
