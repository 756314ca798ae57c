/// A Feishu or Lark group robot.
package struct FeishuSpec: Hashable, Sendable {
  /// What is posted; the raw value is the word in YAML.
  package enum Format: String, Hashable, Sendable, CaseIterable {
    /// A card of version 2.0, for clients from 7.20 on.
    case card
    /// A card of the older version.
    case cardV1 = "card_v1"
    /// Rich text: lines with links and mentions.
    case post
    case text
  }

  package var pool: EndpointPool
  package var format = Format.card
  /// One of the robot's keywords; it is added to the title where it is missing.
  package var keyword: String?

  package init(pool: EndpointPool) {
    self.pool = pool
  }
}

extension FeishuSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    visitor.field("format", format.rawValue)
    visitor.field("keyword", keyword)
  }
}
