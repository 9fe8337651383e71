// For bundlers that do not follow the addresses of the wasm files and of the texts in other languages: these are imported,
// and the bundler says where it put them.
import { configure } from 'bigkey-tasks'
import extrasWasmUrl from 'bigkey-tasks/extras-wasm'
import ar from 'bigkey-tasks/texts/ar'
import de from 'bigkey-tasks/texts/de'
import zhHans from 'bigkey-tasks/texts/zh-Hans'
import wasmUrl from 'bigkey-tasks/wasm'
import './list.js'

configure({ wasmUrl, extrasWasmUrl, catalogues: { ar, de, 'zh-Hans': zhHans } })
