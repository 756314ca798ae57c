package import JSON
package import Model

/// One live alert, with what the notifier makes of it.
package struct AlertView: Hashable, Sendable {
  package var alert: Alert
  /// Ids of the silences in force, as ``SilenceView`` gives them.
  package var silencedBy: [String]
  /// The alerts that inhibit it, as far as the reader may see them.
  package var inhibitedBy: [Fingerprint]
  /// Time intervals that mute its routes now.
  package var mutedBy: [String]
  /// Where its routes lead; empty for an unrouted one.
  package var channels: [ResourceID]

  package init(
    alert: Alert, silencedBy: [String] = [], inhibitedBy: [Fingerprint] = [], mutedBy: [String] = [],
    channels: [ResourceID] = []
  ) {
    self.alert = alert
    self.silencedBy = silencedBy
    self.inhibitedBy = inhibitedBy
    self.mutedBy = mutedBy
    self.channels = channels
  }

  /// It fires and no route takes it.
  package var isUnrouted: Bool { alert.state == .firing && channels.isEmpty }
}

extension AlertView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      alert.writeMembers(to: &$0)
      $0.strings("silencedBy", silencedBy)
      $0.strings("inhibitedBy", inhibitedBy)
      $0.strings("mutedBy", mutedBy)
      $0.array("channels", channels) { channel, writer in writer.object { $0.reference(to: channel) } }
      $0.member("unrouted", isUnrouted)
    }
  }
}

extension Alert {
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("fingerprint", fingerprint.description)
    writer.scope(scope)
    writer.member("state", state.rawValue)
    writer.labels("labels", labels.pairs)
    writer.labels("annotations", annotations)
    writer.member("value", sampleText(value))
    writer.member("activeAt", activeAt.description)
    writer.optional("firedAt", firedAt)
    writer.optional("keepFiringSince", keepFiringSince)
    writer.optional("resolvedAt", resolvedAt)
    writer.object("rule") {
      $0.member("name", rule.rule)
      $0.object("group") { $0.reference(to: rule.group) }
      rule.provenance.writeMembers(to: &$0)
    }
    writer.optional("generatorUrl", generatorURL.isEmpty ? nil : generatorURL)
  }
}
