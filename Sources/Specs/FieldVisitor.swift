package import Model

/// Receives the meaningful fields of a resource, one after the other.
///
/// A name is a path within the spec; `nested` opens a level, and lists use their elements' names or positions.
package protocol FieldVisitor {
  mutating func field(_ name: String, _ value: String)
  /// An expression, compared by the digest over its tokens.
  mutating func expression(_ name: String, _ text: String, digest: UInt64)
  /// An address, which may hold a secret: it is compared whole, and shown without user information and query.
  mutating func address(_ name: String, _ value: SecretOr)
  mutating func open(_ name: String)
  mutating func close()
}

extension FieldVisitor {
  package mutating func address(_ name: String, _ value: SecretOr) {
    field(name, value.comparable)
  }

  /// A field that counts only when it is there.
  mutating func field(_ name: String, _ value: String?) {
    if let value { field(name, value) }
  }

  mutating func field(_ name: String, _ value: Duration?) {
    if let value { field(name, value.prometheus) }
  }

  mutating func field(_ name: String, _ value: Timestamp?) {
    if let value { field(name, value.description) }
  }

  mutating func field(_ name: String, _ value: Bool) {
    field(name, value ? "true" : "false")
  }

  mutating func field(_ name: String, _ value: Int) {
    field(name, String(value))
  }

  mutating func list(_ name: String, _ values: [String]) {
    guard !values.isEmpty else { return }
    field(name, "[" + values.joined(separator: ", ") + "]")
  }

  mutating func labels(_ name: String, _ labels: some Sequence<Label>) {
    open(name)
    for label in labels { field(label.name, label.value) }
    close()
  }
}

/// Hashes fields without building their paths.
package struct FieldDigest: FieldVisitor {
  private var hash = FNV1a()

  package init() {}

  package var value: UInt64 { hash.value }

  package mutating func field(_ name: String, _ value: String) {
    hash.combine(name)
    hash.combine(byte: 0xff)
    hash.combine(value)
    hash.combine(byte: 0xff)
  }

  package mutating func expression(_ name: String, _ text: String, digest: UInt64) {
    hash.combine(name)
    hash.combine(digest)
  }

  package mutating func open(_ name: String) {
    hash.combine(name)
    hash.combine(byte: 0xfe)
  }

  package mutating func close() {
    hash.combine(byte: 0xfd)
  }
}

/// Collects fields with their full paths, for plans and for the API.
package struct FieldList: FieldVisitor {
  package private(set) var fields: [Label] = []
  /// The whole texts of addresses, by path: to compare, never to show.
  package private(set) var whole: [String: String] = [:]
  private var path: [String] = []

  package init() {}

  package mutating func field(_ name: String, _ value: String) {
    fields.append(Label((path + [name]).joined(separator: "."), value))
  }

  package mutating func expression(_ name: String, _ text: String, digest: UInt64) {
    field(name, text)
  }

  package mutating func address(_ name: String, _ value: SecretOr) {
    field(name, value.description)
    if let shown = fields.last, shown.value != value.comparable { whole[shown.name] = value.comparable }
  }

  package mutating func open(_ name: String) {
    path.append(name)
  }

  package mutating func close() {
    path.removeLast()
  }
}

extension Resource {
  /// The meaningful fields as path and value, in order.
  package var fields: [Label] {
    var list = FieldList()
    visitFields(&list)
    return list.fields
  }
}
