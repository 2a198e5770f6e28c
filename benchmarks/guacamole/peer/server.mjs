// guacamole-lite in front of a source. node server.mjs PORT SOURCE_PORT
import GuacamoleLite from 'guacamole-lite'

const [port, source] = process.argv.slice(2).map(Number)
const crypt = { cypher: 'AES-256-CBC', key: 'benchmarkbenchmarkbenchmarkbench' }
new GuacamoleLite({ port, host: '127.0.0.1' }, { host: '127.0.0.1', port: source }, { crypt, log: { level: 'QUIET' } })
