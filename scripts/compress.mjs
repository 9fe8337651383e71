// The compressed forms that are stored beside each file, for servers that send them as they are.
import zlib from 'node:zlib'

const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants

/** Brotli at its best quality and the widest window that browsers accept. */
export const brotli = (bytes) =>
  zlib.brotliCompressSync(bytes, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: bytes.length } })

/** Gzip at its best level. */
export const gzip = (bytes) => zlib.gzipSync(bytes, { level: 9 })
