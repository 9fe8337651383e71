// For bundlers that do not follow the address of the wasm file: it is imported, and the bundler says where it put it.
import { configure } from 'bigkey-tasks'
import wasmUrl from 'bigkey-tasks/wasm'
import './list.js'

configure({ wasmUrl })
