package import Model

/// The headers of a request, their names in lower case.
package struct WebhookHeaders: Hashable, Sendable {
  private var values: [String: [String]] = [:]

  package init(_ fields: some Sequence<(name: String, value: String)>) {
    for field in fields { values[field.name.lowercased(), default: []].append(field.value) }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of a header that stands there exactly once; two values would let one be checked and the other be read.
  func only(_ name: String) throws(WebhookRefusal) -> String? {
    guard let found = values[name] else { return nil }
    guard found.count == 1 else { throw .repeatedHeader(name) }
    return found[0]
  }
}

/// What a forge sent: the body's bytes as they came.
package struct WebhookRequest: Sendable {
  package var headers: WebhookHeaders
  package var body: [UInt8]

  package init(headers: WebhookHeaders, body: [UInt8]) {
    self.headers = headers
    self.body = body
  }
}

extension WebhookRequest {
  /// Reads headers, a line each, an empty line, and the body, as tests and fuzzing write them.
  package init(message: [UInt8]) {
    var fields: [(name: String, value: String)] = []
    var rest = message[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      guard !line.isEmpty else { break }
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? parts[1].drop { $0 == " " } : ""
      fields.append((name: String(parts[0]), value: String(value)))
    }
    self.init(headers: WebhookHeaders(fields), body: Array(rest))
  }

  /// The refs that the body announces to have been moved, without asking who signed it.
  package func changes(as provider: WebhookProvider) throws(WebhookRefusal) -> [RefChange] {
    try PushPayload(parsing: body).changes(provider)
  }
}

/// A branch or tag that a push moved.
package struct RefChange: Hashable, Sendable {
  /// In full, such as `refs/heads/main`.
  package var ref: String
  /// Where it is now; `nil` where it was deleted, or the forge doesn't say.
  package var commit: ObjectID?

  package init(ref: String, commit: ObjectID?) {
    self.ref = ref
    self.commit = commit
  }
}

/// A webhook that was found genuine, or a test that means nothing.
package struct Webhook: Hashable, Sendable {
  /// What it tells.
  package enum Content: Hashable, Sendable {
    case push([RefChange])
    /// The forge tries whether somebody listens. Bitbucket Server doesn't sign that.
    case ping(isSigned: Bool)
    /// An event that means nothing here, by its name.
    case other(String)
  }

  package var provider: WebhookProvider
  /// What a redelivery repeats; at most 128 bytes, `nil` where the forge gives none.
  package var delivery: String?
  package var content: Content

  package init(provider: WebhookProvider, delivery: String?, content: Content) {
    self.provider = provider
    self.delivery = delivery
    self.content = content
  }
}
