package import Model

/// What a template sees while it is expanded: data, time and the answers that others fetched for it.
package struct TemplateScene: Sendable {
  /// The template's name in error texts: `__alert_<alert name>`.
  package var name: String
  /// `.` and `$` at the start.
  package var root: TemplateValue
  /// What `now` and `since` take for the present.
  package var now: Timestamp
  /// Without a slash at its end unless the user wrote one.
  package var externalURL: String
  /// What is known of the queries that templates ask, by their texts.
  package var answers: [String: TemplateAnswer]
  package var zones: Zones
  package var limits: TemplateLimits
  /// What the text is, and how values are escaped in it.
  package var markup = Markup.none

  /// Kinds of text.
  package enum Markup: Hashable, Sendable {
    /// Values stand in it as they are.
    case none
    /// Values are escaped by the place where they stand, as Go's `html/template` does.
    case html
  }

  package init(
    name: String, root: TemplateValue, now: Timestamp = .epoch, externalURL: String = "",
    answers: [String: TemplateAnswer] = [:], zones: Zones = .utcOnly, limits: TemplateLimits = TemplateLimits()
  ) {
    self.name = name
    self.root = root
    self.now = now
    self.externalURL = externalURL
    self.answers = answers
    self.zones = zones
    self.limits = limits
  }
}

/// What one expansion may take at most.
package struct TemplateLimits: Hashable, Sendable {
  /// Commands, rounds of loops, and every 64 bytes that functions read or write.
  package var steps: Int
  /// Of the result, and of each text on the way to it.
  package var bytes: Int
  /// Templates called from within templates.
  package var depth: Int

  package init(steps: Int = 1_000_000, bytes: Int = 1 << 20, depth: Int = 100) {
    self.steps = steps
    self.bytes = bytes
    self.depth = depth
  }
}
