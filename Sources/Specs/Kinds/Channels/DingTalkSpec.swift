/// A DingTalk group robot.
package struct DingTalkSpec: Hashable, Sendable {
  /// What is posted; the raw value is the word in YAML.
  package enum Format: String, Hashable, Sendable, CaseIterable {
    /// A card, or Markdown where somebody is mentioned, since a card calls nobody.
    case auto
    case markdown
    case actionCard = "action_card"
    case text
  }

  package var pool: EndpointPool
  package var format = Format.auto
  /// One of the robot's keywords; it is added to the title where it is missing.
  package var keyword: String?

  package init(pool: EndpointPool) {
    self.pool = pool
  }
}

extension DingTalkSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    visitor.field("format", format.rawValue)
    visitor.field("keyword", keyword)
  }
}
