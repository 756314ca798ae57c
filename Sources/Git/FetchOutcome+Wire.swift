import Model

extension FetchOutcome {
  /// For the child's standard output.
  package var wireBytes: [UInt8] {
    var wire = WireText()
    switch self {
    case .fetched(let report):
      wire["outcome"] = "fetched"
      wire["bytes"] = String(report.receivedBytes)
      wire["objects"] = String(report.receivedObjects)
      wire["repacked"] = String(report.isRepacked)
      for head in report.heads {
        wire["head"] = head.name
        wire["head-ref"] = head.ref
        wire["head-commit"] = head.commit.hex
      }
    case .pushed: wire["outcome"] = "pushed"
    case .failed(let error):
      wire["outcome"] = "failed"
      error.write(to: &wire)
    }
    return wire.bytes
  }

  /// Reads ``wireBytes``.
  package init?(wire bytes: [UInt8]) {
    guard let wire = WireText(bytes) else { return nil }
    switch wire["outcome"] {
    case "fetched":
      guard let report = FetchReport(wire) else { return nil }
      self = .fetched(report)
    case "pushed": self = .pushed
    case "failed":
      guard let error = GitError(wire) else { return nil }
      self = .failed(error)
    default: return nil
    }
  }
}

extension FetchReport {
  fileprivate init?(_ wire: WireText) {
    let (names, refs, commits) = (
      wire.all("head"), wire.all("head-ref"), wire.all("head-commit").compactMap { ObjectID($0) }
    )
    guard refs.count == names.count, commits.count == names.count, let received = wire["bytes"].flatMap({ Int($0) }),
      let objects = wire["objects"].flatMap({ Int($0) })
    else { return nil }
    let heads = names.indices.map { Head(name: names[$0], ref: refs[$0], commit: commits[$0]) }
    self.init(
      heads: heads, receivedBytes: received, receivedObjects: objects, isRepacked: wire["repacked"] == "true"
    )
  }
}
