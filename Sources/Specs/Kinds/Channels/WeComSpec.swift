/// A WeCom group robot.
package struct WeComSpec: Hashable, Sendable {
  /// What is posted; the raw value is the word in YAML.
  package enum Format: String, Hashable, Sendable, CaseIterable {
    /// Markdown, or text where everybody or a mobile number is mentioned, since Markdown calls only ids.
    case auto
    case markdown
    case templateCard = "template_card"
    case text
  }

  package var pool: EndpointPool
  package var format = Format.auto

  package init(pool: EndpointPool) {
    self.pool = pool
  }
}

extension WeComSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    visitor.field("format", format.rawValue)
  }
}
