package import JSON
import Model

/// A value that the API shows; its JSON has camelCase names, and what isn't known is `null`.
package protocol JSONView: Sendable {
  func write(to writer: inout JSONWriter)
}

extension JSONView {
  /// This value as one JSON document.
  package var json: [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    write(to: &writer)
    return writer.bytes
  }
}

extension JSONWriter {
  mutating func object(_ members: (inout JSONWriter) -> Void) {
    beginObject()
    members(&self)
    endObject()
  }

  mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
    key(name)
    object(members)
  }

  mutating func array<Element>(
    _ name: String, _ elements: some Sequence<Element>, _ write: (Element, inout JSONWriter) -> Void
  ) {
    key(name)
    beginArray()
    for element in elements { write(element, &self) }
    endArray()
  }

  mutating func views(_ name: String, _ views: some Sequence<some JSONView>) {
    array(name, views) { $0.write(to: &$1) }
  }

  mutating func strings(_ name: String, _ values: some Sequence<some CustomStringConvertible>) {
    array(name, values) { $1.string($0.description) }
  }

  mutating func view(_ name: String, _ view: (some JSONView)?) {
    key(name)
    if let view { view.write(to: &self) } else { null() }
  }

  /// A value by its description, or `null`: instants (RFC 3339), revisions, commits, scopes.
  mutating func optional(_ name: String, _ value: (some CustomStringConvertible)?) {
    key(name)
    if let value { string(value.description) } else { null() }
  }

  mutating func optional(_ name: String, _ value: Bool?) {
    key(name)
    if let value { bool(value) } else { null() }
  }

  mutating func optional(_ name: String, _ value: Int?) {
    key(name)
    if let value { int(value) } else { null() }
  }

  /// What the ledger calls it, or `null`.
  mutating func identifier(_ id: Int64?) {
    if let id { member("id", id) } else { optional("id", String?.none) }
  }

  /// An object with one member for each label.
  mutating func labels(_ name: String, _ labels: some Sequence<Label>) {
    object(name) { writer in
      for label in labels { writer.member(label.name, label.value) }
    }
  }

  /// A duration in seconds.
  mutating func seconds(_ name: String, _ duration: Duration) {
    member(name, duration.inSeconds)
  }

  /// JSON that was kept as text; `null` for none.
  mutating func stored(_ name: String, _ json: String) {
    key(name)
    if json.isEmpty { null() } else { raw(json) }
  }

  /// A scope as `scope`, `tenant` and `project`.
  mutating func scope(_ scope: Scope) {
    member("scope", scope.description)
    optional("tenant", scope.tenant)
    optional("project", scope.project)
  }
}
