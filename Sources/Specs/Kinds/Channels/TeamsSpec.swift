/// Microsoft Teams, by a workflow's webhook.
package struct TeamsSpec: Hashable, Sendable {
  package var pool: EndpointPool

  package init(pool: EndpointPool) {
    self.pool = pool
  }
}

extension TeamsSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
  }
}
