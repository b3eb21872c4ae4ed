// Replays traces with one of diamond-types, loro, yjs and prints system, trace, replay ms, bytes, load ms, heap with
// tabs between. Usage: node replay.mjs SYSTEM TRACE.json.gz...
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const mostMillis = 10_000

// Each: create an agent's document, edit it, hand out an edit as an update, receive one, text, bytes, load, release.
const systems = {
  'diamond-types': () => {
    const { Doc } = require('diamond-types-node')
    return {
      create: (agent) => new Doc('agent' + agent),
      insert: (doc, at, text) => doc.ins(at, text),
      delete: (doc, at, count) => doc.del(at, count),
      begin: (doc) => doc.getLocalVersion(),
      update: (doc, before) => doc.getPatchSince(before),
      receive: (doc, update) => doc.mergeBytes(update),
      text: (doc) => doc.get(),
      bytes: (doc) => doc.toBytes(),
      load: (bytes) => Doc.fromBytes(bytes, 'loader'),
      free: (doc) => doc.free(),
    }
  },
  loro: () => {
    const { LoroDoc } = require('loro-crdt')
    const smaller = (a, b) => (a.length <= b.length ? a : b)
    return {
      create: (agent) => {
        const doc = new LoroDoc()
        doc.setPeerId(String(agent + 1))
        return { doc, content: doc.getText('text') }
      },
      insert: (it, at, text) => it.content.insert(at, text),
      delete: (it, at, count) => it.content.delete(at, count),
      begin: (it) => it.doc.version(),
      update: (it, before) => {
        it.doc.commit()
        return it.doc.export({ mode: 'update', from: before })
      },
      receive: (it, update) => it.doc.import(update),
      text: (it) => it.content.toString(),
      bytes: (it) => {
        it.doc.commit()
        return smaller(it.doc.export({ mode: 'snapshot' }), it.doc.export({ mode: 'update' }))
      },
      load: (bytes) => {
        const doc = new LoroDoc()
        doc.import(bytes)
        return { doc, content: doc.getText('text') }
      },
      free: (it) => {
        it.content.free()
        it.doc.free()
      },
    }
  },
  yjs: () => {
    const Y = require('yjs')
    return {
      create: (agent) => {
        const doc = new Y.Doc({ gc: false })
        doc.clientID = agent + 1
        return { doc, content: doc.getText('text') }
      },
      insert: (it, at, text) => it.content.insert(at, text),
      delete: (it, at, count) => it.content.delete(at, count),
      begin: (it) => {
        const updates = []
        const listener = (update) => updates.push(update)
        it.doc.on('update', listener)
        return { updates, listener }
      },
      update: (it, before) => {
        it.doc.off('update', before.listener)
        return Y.mergeUpdates(before.updates)
      },
      receive: (it, update) => Y.applyUpdate(it.doc, update),
      text: (it) => it.content.toString(),
      bytes: (it) => Y.encodeStateAsUpdate(it.doc),
      load: (bytes) => {
        const doc = new Y.Doc({ gc: false })
        Y.applyUpdate(doc, bytes)
        return { doc, content: doc.getText('text') }
      },
      free: () => {},
    }
  },
}

function apply(system, doc, patches) {
  for (const [at, count, text] of patches) {
    if (count > 0) system.delete(doc, at, count)
    if (text.length > 0) system.insert(doc, at, text)
  }
}

function updatesOf(system, trace) {
  const documents = []
  const has = []
  for (let agent = 0; agent < trace.numAgents; agent++) {
    documents.push(system.create(agent))
    has.push(new Set())
  }
  const updates = []
  trace.txns.forEach((txn, index) => {
    const missing = []
    const pending = [...txn.parents]
    while (pending.length > 0) {
      const next = pending.pop()
      if (!has[txn.agent].has(next)) {
        has[txn.agent].add(next)
        missing.push(next)
        pending.push(...trace.txns[next].parents)
      }
    }
    missing.sort((a, b) => a - b)
    const doc = documents[txn.agent]
    for (const update of missing) system.receive(doc, updates[update])
    const before = system.begin(doc)
    apply(system, doc, txn.patches)
    updates.push(system.update(doc, before))
    has[txn.agent].add(index)
  })
  return updates
}

function median(task) {
  const begin = performance.now()
  task()
  const millis = []
  while (millis.length < 9 && (millis.length === 0 || performance.now() - begin < mostMillis)) {
    const start = performance.now()
    task()
    millis.push(performance.now() - start)
  }
  millis.sort((a, b) => a - b)
  return millis[millis.length >> 1]
}

const [name, ...files] = process.argv.slice(2)
const system = systems[name]()
for (const file of files) {
  const trace = JSON.parse(zlib.gunzipSync(fs.readFileSync(file)))
  const concurrent = trace.numAgents > 1
  const updates = concurrent ? updatesOf(system, trace) : []
  const replay = () => {
    const doc = system.create(concurrent ? 99 : 0)
    if (concurrent) for (const update of updates) system.receive(doc, update)
    else for (const txn of trace.txns) apply(system, doc, txn.patches)
    if (system.text(doc) !== trace.endContent) throw new Error('expected the end content of ' + file)
    return doc
  }
  const doc = replay()
  const bytes = system.bytes(doc)
  system.free(doc)
  const millis = median(() => system.free(replay()))
  const loadMillis = median(() => {
    const loaded = system.load(bytes)
    system.text(loaded)
    system.free(loaded)
  })
  console.log([name, path.basename(file, '.json.gz'), millis, bytes.length, loadMillis, -1].join('\t'))
}
