package import JSON
package import Model

/// One applied resource in full: the answer of `/api/v1/resource?id=`.
package struct ResourceView: Hashable, Sendable {
  package var summary: ResourceSummary
  /// The effective spec as path and value, in order; secrets stand as references.
  package var fields: [Label]
  /// A group's rules, in order.
  package var rules: [RuleView]
  /// What a channel does right now; `nil` for other kinds.
  package var channel: ChannelView?
  /// How a silence stands right now; `nil` for other kinds.
  package var silence: SilenceView?

  package init(
    summary: ResourceSummary, fields: [Label], rules: [RuleView] = [], channel: ChannelView? = nil,
    silence: SilenceView? = nil
  ) {
    self.summary = summary
    self.fields = fields
    self.rules = rules
    self.channel = channel
    self.silence = silence
  }
}

extension ResourceView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      summary.writeMembers(to: &$0)
      $0.array("fields", fields) { field, writer in
        writer.object {
          $0.member("path", field.name)
          $0.member("value", field.isURL ? redactedURL(field.value) : field.value)
        }
      }
      switch summary.record.id.kind {
      case .ruleGroup: $0.views("rules", rules)
      case .channel: $0.view("channel", channel)
      case .silence: $0.view("silence", silence)
      case .platform, .tenant, .project, .dataSource, .route, .timeInterval, .inhibitRule, .template, .roleBinding,
        .approval:
        break
      }
    }
  }
}

extension Label {
  /// Whether a spec field of this name holds a URL, whose user information and query may carry a secret.
  var isURL: Bool {
    let word = name.utf8.split(separator: UInt8(ascii: ".")).last.map { String(decoding: $0, as: UTF8.self) } ?? name
    return word == "url" || word == "proxy" || word.hasSuffix("_url")
  }
}
