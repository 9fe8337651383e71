// How the release's wasm is optimised: used by the build itself and by the table of what its bytes are.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'

// What rustc may emit for wasm32-unknown-unknown. Named, because wasm-opt learns them only from a section that a
// stripping profile leaves out.
const FEATURES = ['bulk-memory', 'bulk-memory-opt', 'call-indirect-overlong', 'multivalue', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types', 'sign-ext']

// Up to this size, as wasm-opt counts it, a function does little more than call another, and stands in the place of each call:
// that is smaller, and the browser compiles each function that is called, which costs it more than what is in so small a one.
const CALL = 4

// Flattening first lets the second pass see more: about 1 % smaller than -Oz alone, after brotli. The lowest kilobyte of
// memory is the far end of Rust's stack, where no value is.
const PASSES = ['--flatten', '--rereloop', '-Oz', '-Oz', '--low-memory-unused', '--always-inline-max-function-size', String(CALL)]
const STRIP = ['--strip-dwarf', '--strip-producers', '--strip-target-features']

/** Writes an optimised `input` to `output`, with the names of its functions. */
export function wasmOpt(input, output) {
  run(input, output, ...PASSES, ...STRIP, '-g')
}

/** Writes `input` to `output`, with its functions in the order of their names, and without those. */
export function orderByName(input, output) {
  run(input, output, '--reorder-functions-by-name', ...STRIP, '--strip-debug')
}

function run(input, output, ...passes) {
  const bin = path.join(path.dirname(createRequire(import.meta.url).resolve('binaryen/package.json')), 'bin/wasm-opt')
  const args = [bin, input, '-o', output, ...FEATURES.map((f) => `--enable-${f}`), ...passes]
  const { status, signal } = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`wasm-opt failed with ${status ?? signal}`)
}
