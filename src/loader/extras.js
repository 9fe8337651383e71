// What a release bundles into the second file, which is loaded on demand: the code that belongs to its wasm file.
export { default } from 'bigkey-glue'
export const wasmUrl = new URL('bigkey-wasm', import.meta.url)
