import JSON
package import Model

/// One alert in the words of Alertmanager's API, version 2.
///
/// What stays as long as the alert does is rendered once; only `endsAt`, which moves with the time of the answer, is
/// written anew. An answer is then `[`, and for each alert ``opening(endsAt:)`` and its ``members(of:for:)``.
package enum AlertmanagerAlert {
  /// Everything of the alert's object but its opening brace and `endsAt`, with the closing brace: what a reader of
  /// everything gets.
  ///
  /// A firing alert only: Alertmanager isn't told of pending ones.
  package static func members(of view: AlertView) -> [UInt8] { members(of: view, for: .all) }

  /// The same as `reader` gets it. What silences or inhibits it from outside of the reader's sight isn't named, and
  /// the alert is suppressed all the same.
  static func members(of view: AlertView, for reader: Visibility) -> [UInt8] {
    let alert = view.alert
    let shown = view.limited(to: reader)
    var writer = JSONWriter(capacity: 768)
    writer.object {
      $0.labels("annotations", alert.annotations)
      $0.member("fingerprint", alert.fingerprint.description)
      $0.array("receivers", shown.channels) { channel, writer in
        writer.object { $0.member("name", channel.receiverName) }
      }
      let startsAt = alert.firedAt ?? alert.activeAt
      $0.member("startsAt", startsAt.alertmanager)
      $0.object("status") {
        $0.strings("inhibitedBy", shown.inhibitedBy)
        $0.strings("mutedBy", shown.mutedBy)
        $0.array("silencedBy", shown.silencedBy) { $1.string(SilenceUUID(of: $0).text) }
        $0.member("state", view.isSuppressed ? "suppressed" : "active")
      }
      $0.member("updatedAt", (alert.keepFiringSince ?? startsAt).alertmanager)
      if !alert.generatorURL.isEmpty { $0.member("generatorURL", alert.generatorURL) }
      $0.labels("labels", alert.labels.pairs)
    }
    return Array(writer.bytes.dropFirst())
  }

  /// The beginning of an alert's object: the brace, `endsAt`, and a comma.
  package static func opening(endsAt: Timestamp) -> [UInt8] {
    Array("{\"endsAt\":\"\(endsAt.alertmanager)\",".utf8)
  }

  /// How long a firing alert is promised to go on, from the time of the answer: Alertmanager's `resolve_timeout`.
  package static let promise = Duration.seconds(300)
}

extension AlertView {
  /// Something keeps it from being told.
  package var isSuppressed: Bool { !(silencedBy.isEmpty && inhibitedBy.isEmpty && mutedBy.isEmpty) }

  /// Whether a reader who may see the alert gets all that Alertmanager's API says about it.
  func isWhole(for reader: Visibility) -> Bool {
    guard reader != .all else { return true }
    return inhibitedBy.isEmpty && silencedBy.allSatisfy { Scope(ofSilence: $0).map(reader.allows) ?? false }
      && channels.allSatisfy { isOwn($0, for: reader) }
  }

  /// Without what a reader who may see the alert may not see beside it. `isSeen`: whether the reader may see an alert
  /// of this fingerprint, which doesn't tell whose it is.
  package func limited(to reader: Visibility, seeing isSeen: (Fingerprint) -> Bool = { _ in false }) -> AlertView {
    guard reader != .all else { return self }
    var view = self
    view.silencedBy.removeAll { !(Scope(ofSilence: $0).map(reader.allows) ?? false) }
    view.inhibitedBy.removeAll { !isSeen($0) }
    view.channels.removeAll { !isOwn($0, for: reader) }
    return view
  }

  /// A channel of the alert's scope or of one above it: one that its owner's specs may name.
  private func isOwn(_ channel: ResourceID, for reader: Visibility) -> Bool {
    reader.allows(channel.scope) || alert.scope.lineage.contains(channel.scope)
  }
}

extension Timestamp {
  /// RFC 3339 with milliseconds, as Alertmanager's API writes instants.
  var alertmanager: String { rfc3339(alwaysMilliseconds: true) }
}
