import Model

extension GitError {
  /// Writes the errors that a child can meet; the others can't come from one and go as ``childFailed(detail:)``.
  func write(to wire: inout WireText) {
    switch self {
    case .unreachable(let remote, let detail): wire.add("unreachable", remote: remote, detail: detail)
    case .authenticationFailed(let remote, let detail): wire.add("authentication", remote: remote, detail: detail)
    case .hostKeyUnknown(let key, let file): wire.add("key-unknown", key, file: file)
    case .hostKeyChanged(let key, let file): wire.add("key-changed", key, file: file)
    case .hostKeyRevoked(let key, let file): wire.add("key-revoked", key, file: file)
    case .certificateUntrusted(let host, let detail): wire.add("certificate", remote: host, detail: detail)
    case .noSuchRepository(let remote): wire.add("no-repository", remote: remote, detail: "")
    case .emptyRepository(let remote): wire.add("empty", remote: remote, detail: "")
    case .pushRejected(let ref, let detail): wire.add("rejected", remote: ref, detail: detail)
    case .unusableSetting(let detail): wire.add("setting", remote: "", detail: detail)
    case .unsupported(let detail): wire.add("unsupported", remote: "", detail: detail)
    case .storage(let path, let detail): wire.add("storage", remote: path, detail: detail)
    case .corruptMirror(let path, let detail): wire.add("corrupt", remote: path, detail: detail)
    case .noSuchRef(let ref, let available):
      wire.add("no-ref", remote: ref, detail: "")
      for name in available { wire["available"] = name }
    case .timedOut, .cancelled, .objectMissing, .fileTooLarge, .treeTooLarge, .noSuchRevision, .noRepository,
      .childFailed:
      wire.add("other", remote: "", detail: description)
    }
  }

  /// Reads what ``write(to:)`` wrote.
  init?(_ wire: WireText) {
    let (subject, detail) = (wire["subject"] ?? "", wire["detail"] ?? "")
    switch wire["error"] {
    case "unreachable": self = .unreachable(remote: subject, detail: detail)
    case "authentication": self = .authenticationFailed(remote: subject, detail: detail)
    case "key-unknown": self = .hostKeyUnknown(HostKey(wire), file: wire["file"])
    case "key-changed": self = .hostKeyChanged(HostKey(wire), file: wire["file"] ?? "")
    case "key-revoked": self = .hostKeyRevoked(HostKey(wire), file: wire["file"] ?? "")
    case "certificate": self = .certificateUntrusted(host: subject, detail: detail)
    case "no-repository": self = .noSuchRepository(remote: subject)
    case "empty": self = .emptyRepository(remote: subject)
    case "rejected": self = .pushRejected(ref: subject, detail: detail)
    case "setting": self = .unusableSetting(detail: detail)
    case "unsupported": self = .unsupported(detail: detail)
    case "storage": self = .storage(path: subject, detail: detail)
    case "corrupt": self = .corruptMirror(path: subject, detail: detail)
    case "no-ref": self = .noSuchRef(subject, available: wire.all("available"))
    case "other": self = .childFailed(detail: detail)
    default: return nil
    }
  }
}

extension WireText {
  fileprivate mutating func add(_ error: String, remote: String, detail: String) {
    self["error"] = error
    self["subject"] = remote
    self["detail"] = detail
  }

  fileprivate mutating func add(_ error: String, _ key: GitError.HostKey, file: String?) {
    self["error"] = error
    self["subject"] = key.host
    self["port"] = String(key.port)
    self["type"] = key.type
    self["fingerprint"] = key.fingerprint
    self["file"] = file
  }
}

extension GitError.HostKey {
  fileprivate init(_ wire: WireText) {
    self.init(
      host: wire["subject"] ?? "", port: wire["port"].flatMap { Int($0) } ?? 22, type: wire["type"] ?? "",
      fingerprint: wire["fingerprint"] ?? ""
    )
  }
}
