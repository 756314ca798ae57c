/// A topic of an ntfy server.
package struct NtfySpec: Hashable, Sendable {
  package var pool: EndpointPool
  /// Whoever knows a topic of a public server can read it, so it may be a secret.
  package var topic: SecretOr
  /// Shown with every message, behind the severity's own.
  package var tags: [String] = []

  package init(pool: EndpointPool, topic: SecretOr) {
    self.pool = pool
    self.topic = topic
  }
}

extension NtfySpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    visitor.address("topic", topic)
    visitor.list("tags", tags)
  }
}
