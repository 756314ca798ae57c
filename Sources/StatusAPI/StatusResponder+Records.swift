import JSON
import Model

/// What is answered from the ledger.
extension StatusResponder {
  func revision(_ name: String, _ reading: Reading) async throws(APIError) -> [UInt8] {
    let prefix = name.lowercased()
    guard 7...64 ~= prefix.utf8.count, prefix.utf8.allSatisfy({ hexadecimalValue($0) != nil }) else {
      throw .badRequest("'\(name)' is no commit; accepted: its hexadecimal digits, at least the first 7")
    }
    switch try await fromLedger({ () async throws(SourceUnavailable) in
      try await source.revision(prefix, for: reading.reader)
    }) {
    case .found(var view):
      view.scopes.removeAll { !reading.reader.allows($0.scope) }
      return view.json
    case .unknown: throw .notFound("no commit that begins with '\(prefix)' has been seen")
    case .ambiguous(let commits):
      let names = commits.prefix(5).map(\.hex).joined(separator: ", ")
      throw .ambiguous("'\(prefix)' is the beginning of \(commits.count) commits; give more digits: \(names)")
    }
  }

  func syncs(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let request: PageRequest<Int64> = try reading.parameters.page()
    let page = try await fromLedger { () async throws(SourceUnavailable) in
      try await source.syncs(request, for: reading.reader)
    }
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.array("items", page.elements) { sync, writer in writer.object { sync.writeSummary(to: &$0) } }
      $0.optional("next", page.hasMore ? page.elements.last?.record.id.opaqueText : nil)
    }
    return writer.bytes
  }

  func sync(_ text: String, _ reading: Reading) async throws(APIError) -> [UInt8] {
    guard let id = Int64(text), id > 0 else {
      throw .badRequest("'\(text)' is no sync; accepted: a number that /api/v1/syncs lists")
    }
    guard
      let view = try await fromLedger({ () async throws(SourceUnavailable) in
        try await source.sync(id, for: reading.reader)
      })
    else {
      throw .notFound("no sync has the number \(id); old ones are removed after a while")
    }
    return view.json
  }

  func alert(_ text: String, _ reading: Reading) async throws(APIError) -> [UInt8] {
    guard let fingerprint = Fingerprint(text.lowercased()) else {
      throw .badRequest("'\(text)' is no fingerprint; accepted: 16 hexadecimal digits, as /api/v1/alerts lists them")
    }
    let scope = try reading.parameters.scope()
    let explanations = try await fromLedger { () async throws(SourceUnavailable) in
      try await source.explain(fingerprint, within: scope, for: reading.reader)
    }
    .filter { reading.reader.allows($0.alert.alert.scope) }
    guard let first = explanations.first else {
      throw .notFound("no alert that is live or in the history has the fingerprint \(fingerprint)")
    }
    guard explanations.count == 1 else {
      let scopes = explanations.map(\.alert.alert.scope.description).joined(separator: ", ")
      throw .ambiguous(
        "\(explanations.count) alerts have the fingerprint \(fingerprint), in \(scopes); add tenant= and project="
      )
    }
    return first.json
  }

  func history(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let parameters = reading.parameters
    let filter = HistoryFilter(
      scope: try parameters.scope(), fingerprint: try parameters.fingerprint(), rule: parameters.text("rule"),
      state: try parameters.word("state"), severity: parameters.text("severity"),
      matchers: try parameters.matchers(), time: try parameters.time()
    )
    let request: PageRequest<Int64> = try parameters.page()
    let page = try await fromLedger { () async throws(SourceUnavailable) in
      try await source.history(filter, request, for: reading.reader)
    }
    return list(page, key: \.id, scope: \.transition.alert.scope, reading) { $0.write(to: &$1) }
  }

  func deliveries(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let parameters = reading.parameters
    let filter = DeliveryFilter(
      tenant: parameters.text("tenant"), channel: parameters.text("channel"),
      outcome: try parameters.word("outcome"), fingerprint: try parameters.fingerprint(),
      group: parameters.text("group"), rule: parameters.text("rule"), severity: parameters.text("severity"),
      time: try parameters.time()
    )
    let request: PageRequest<Int64> = try parameters.page()
    let page = try await fromLedger { () async throws(SourceUnavailable) in
      try await source.deliveries(filter, request, for: reading.reader)
    }
    return list(page, key: \.id, scope: \.owner, reading) { $0.write(to: &$1) }
  }

  func audit(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let parameters = reading.parameters
    let (kind, name) = try parameters.resource()
    let filter = AuditFilter(
      scope: try parameters.scope(), actor: parameters.text("actor"), action: parameters.text("action"),
      commit: try parameters.commit(), path: parameters.text("path"), kind: kind, name: name,
      time: try parameters.time()
    )
    let request: PageRequest<Int64> = try parameters.page()
    let page = try await fromLedger { () async throws(SourceUnavailable) in
      try await source.audit(filter, request, for: reading.reader)
    }
    return list(page, key: \.id, scope: \.scope, reading) { $0.write(to: &$1) }
  }

  func fromLedger<Value>(
    _ read: () async throws(SourceUnavailable) -> Value
  ) async throws(APIError) -> Value {
    do throws(SourceUnavailable) {
      return try await read()
    } catch {
      throw .unavailable(error.message)
    }
  }
}
