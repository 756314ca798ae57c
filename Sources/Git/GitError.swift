package import Model

/// Why a repository couldn't be read or written; each case says what to do next.
///
/// The texts carry no secret: addresses come without user information and query.
package enum GitError: Error, Hashable, Sendable {
  /// The remote can't be reached, or the connection broke: trying again may help.
  case unreachable(remote: String, detail: String)
  /// The remote didn't finish in time; the attempt was ended.
  case timedOut(remote: String, after: Duration)
  /// The caller's task was cancelled.
  case cancelled
  /// The remote refuses the credentials, or asks for some.
  case authenticationFailed(remote: String, detail: String)
  /// No line of the known_hosts file names the server.
  case hostKeyUnknown(HostKey, file: String?)
  /// The known_hosts file names the server with another key.
  case hostKeyChanged(HostKey, file: String)
  /// The known_hosts file marks the server's key as revoked.
  case hostKeyRevoked(HostKey, file: String)
  /// The server's certificate isn't signed by a trusted authority, or is for another host.
  case certificateUntrusted(host: String, detail: String)
  case noSuchRepository(remote: String)
  /// The remote has no such branch or tag; `available` are a few that it has.
  case noSuchRef(String, available: [String])
  /// The remote has no commit yet.
  case emptyRepository(remote: String)
  /// The remote refused what was pushed.
  case pushRejected(ref: String, detail: String)
  /// A setting can't be used; `detail` says why and what would be accepted.
  case unusableSetting(detail: String)
  /// The libraries in use can't do this; `detail` names the way out.
  case unsupported(detail: String)
  /// The repository on disk, the mirror as a rule, is damaged.
  case corruptMirror(path: String, detail: String)
  case objectMissing(ObjectID)
  /// A file is larger than what the caller takes, in bytes.
  case fileTooLarge(ObjectID, bytes: Int, limit: Int)
  /// A tree holds more files than the caller takes.
  case treeTooLarge(limit: Int)
  /// No commit is named so in the local repository.
  case noSuchRevision(String)
  /// No repository is at or above a path.
  case noRepository(path: String)
  /// The disk couldn't be read or written.
  case storage(path: String, detail: String)
  /// The process that talks to the remote ended without an answer.
  case childFailed(detail: String)

  /// A server's public key, as people compare it.
  package struct HostKey: Hashable, Sendable {
    package var host: String
    package var port: Int
    /// The key's type as in known_hosts, such as `ssh-ed25519`.
    package var type: String
    /// `SHA256:` and 43 characters, as `ssh-keygen -l` prints it.
    package var fingerprint: String

    package init(host: String, port: Int, type: String, fingerprint: String) {
      self.host = host
      self.port = port
      self.type = type
      self.fingerprint = fingerprint
    }
  }

  /// Whether the same request may succeed later without anybody changing anything.
  package var isTransient: Bool {
    switch self {
    case .unreachable, .timedOut, .cancelled, .childFailed, .storage, .corruptMirror: true
    case .authenticationFailed, .hostKeyUnknown, .hostKeyChanged, .hostKeyRevoked, .certificateUntrusted,
      .noSuchRepository, .noSuchRef, .emptyRepository, .pushRejected, .unusableSetting, .unsupported, .objectMissing,
      .fileTooLarge, .treeTooLarge, .noSuchRevision, .noRepository:
      false
    }
  }
}

extension GitError: CustomStringConvertible {
  /// One line for people: the fact, then what would help.
  package var description: String {
    switch self {
    case .unreachable(let remote, let detail): "can't reach '\(remote)': \(detail)"
    case .timedOut(let remote, let limit): "'\(remote)' didn't answer in full within \(limit.inSeconds.shortText) s"
    case .cancelled: "the request was cancelled"
    case .authenticationFailed(let remote, let detail): "'\(remote)' asks for other credentials: \(detail)"
    case .hostKeyUnknown(let key, let file): key.unknownText(file: file)
    case .hostKeyChanged(let key, let file): key.changedText(file: file)
    case .hostKeyRevoked(let key, let file):
      "the \(key.type) key of '\(key.host)' (\(key.fingerprint)) is marked as revoked in '\(file)';"
        + " ask its administrator for the key in use"
    case .certificateUntrusted(let host, let detail):
      "the certificate of '\(host)' isn't trusted: \(detail); name its authority's PEM file as the CA file"
    case .noSuchRepository(let remote):
      "there is no repository at '\(remote)', or these credentials may not read it"
    case .noSuchRef(let ref, let available): Self.noSuchRefText(ref, available)
    case .emptyRepository(let remote): "the repository at '\(remote)' has no commit yet; push one"
    case .pushRejected(let ref, let detail): "the remote refused the push to '\(ref)': \(detail)"
    case .unusableSetting(let detail), .unsupported(let detail): detail
    case .corruptMirror(let path, let detail): "the repository at '\(path)' can't be used: \(detail)"
    case .objectMissing(let id): "the object \(id.short) is not in the repository"
    case .fileTooLarge(let id, let bytes, let limit):
      "the file with the content \(id.short) has \(bytes) bytes; at most \(limit) are read"
    case .treeTooLarge(let limit): "the tree has more than \(limit) files; point at a sub-folder or raise the limit"
    case .noSuchRevision(let text): "'\(text)' names no commit here; a branch, a tag or a commit id is accepted"
    case .noRepository(let path): "'\(path)' is not inside a git repository"
    case .storage(let path, let detail): "can't read or write '\(path)': \(detail)"
    case .childFailed(let detail): "the fetching process ended without an answer: \(detail)"
    }
  }

  private static func noSuchRefText(_ ref: String, _ available: [String]) -> String {
    let start = "the repository has no branch or tag '\(ref)'"
    return available.isEmpty ? start : start + "; it has " + available.map { "'" + $0 + "'" }.joined(separator: ", ")
  }
}

extension GitError.HostKey {
  /// The command that prints the line to add, after its fingerprint was compared.
  private var keyscan: String {
    let option = port == 22 ? "" : "-p \(port) "
    let kind =
      switch type {
      case "ssh-ed25519": "ed25519"
      case "ssh-rsa": "rsa"
      default: "ecdsa"
      }
    return "ssh-keyscan \(option)-t \(kind) \(host)"
  }

  fileprivate func unknownText(file: String?) -> String {
    let fact = "the \(type) key of '\(host)' (\(fingerprint)) is not known"
    guard let file else { return fact + "; name a known_hosts file that holds the output of '\(keyscan)'" }
    return fact + "; compare it, then add the output of '\(keyscan)' to '\(file)'"
  }

  fileprivate func changedText(file: String) -> String {
    "the \(type) key of '\(host)' is now \(fingerprint), another than in '\(file)': a new key, or somebody in between;"
      + " ask its administrator, then replace the line by the output of '\(keyscan)'"
  }
}

extension Double {
  /// Without a needless `.0`.
  fileprivate var shortText: String {
    let whole = Int(exactly: self)
    return whole.map(String.init) ?? description
  }
}
