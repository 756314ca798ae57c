import CLibgit2
import Model

extension RemoteSettings {
  /// The remote asks for credentials of a sort that isn't there.
  func unsuitableCredentials(wantsKey: Bool) -> GitError {
    let detail =
      switch credentials {
      case .none: wantsKey ? "it takes ssh keys, and none is set" : "it takes a token or a password, and none is set"
      case .token, .basic: "it takes ssh keys, and a token is set"
      case .sshKey, .sshAgent: "it takes a password, and an ssh key is set"
      }
    return .authenticationFailed(remote: url.description, detail: detail)
  }

  /// The remote didn't take what it was given.
  func refusedCredentials(user: String) -> GitError {
    let detail: String
    switch credentials {
    case .none: detail = "it takes no reader without credentials"
    case .token: detail = "it refused the token"
    case .basic(let username, _): detail = "it refused the password of '\(username)'"
    case .sshAgent: detail = "it refused the keys of the ssh agent for the user '\(user)'"
    case .sshKey(let file, _, _):
      if isRSAKey(file) { return Self.unusableRSAKey(file) }
      detail = "it refused the key '\(file)' for the user '\(user)'"
    }
    return .authenticationFailed(remote: url.description, detail: detail)
  }

  private static func unusableRSAKey(_ file: String) -> GitError {
    .unsupported(
      detail: "the key '\(file)' is an RSA key: libssh2 1.10 signs with it by SHA-1 only, which current ssh servers"
        + " refuse; use an ed25519 key ('ssh-keygen -t ed25519')"
    )
  }

  /// Whether a private key file holds an RSA key, in PEM or OpenSSH form.
  private func isRSAKey(_ file: String) -> Bool {
    guard let text = readText(file) else { return false }
    if text.contains("-----BEGIN RSA PRIVATE KEY-----") { return true }
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
    guard let bytes = lines.joined().utf8.base64Decoded else { return false }
    let name = Array("ssh-rsa".utf8)
    return bytes.indices.contains { bytes[$0...].starts(with: name) }
  }

  /// What the library's words mean for who set this up.
  func error(_ failure: LibraryFailure) -> GitError {
    let remote = url.description
    if failure.code == GIT_EAUTH.rawValue { return refusedCredentials(user: url.user ?? "git") }
    if failure.code == GIT_ECERTIFICATE.rawValue { return untrusted(failure) }
    switch url.kind {
    case .local: return localError(failure)
    case .ssh: if let error = sshError(failure) { return error }
    case .http, .https: if let error = webError(failure) { return error }
    }
    if failure.message.lowercased().contains("object format") || failure.message.contains("sha256") {
      return .unsupported(detail: "'\(remote)' names its objects by SHA-256, which libgit2 1.5 can't read; use SHA-1")
    }
    return .unreachable(remote: remote, detail: failure.fact)
  }

  private func localError(_ failure: LibraryFailure) -> GitError {
    let isMissing =
      failure.code == GIT_ENOTFOUND.rawValue || failure.message.contains("No such file")
      || failure.message.contains("could not find repository") || failure.message.contains("not found")
      // A path that leads nowhere is taken for the name of a protocol.
      || failure.message.contains("unsupported URL protocol")
    if isMissing { return .noSuchRepository(remote: url.description) }
    if failure.message.contains("non-bare") {
      return .unsupported(detail: "'\(url)' has a working tree, and libgit2 pushes to bare local repositories only")
    }
    if failure.message.contains("objectformat") {
      return .unsupported(detail: "'\(url)' names its objects by SHA-256, which libgit2 1.5 can't read; use SHA-1")
    }
    return .unreachable(remote: url.description, detail: failure.fact)
  }

  private func sshError(_ failure: LibraryFailure) -> GitError? {
    let words = failure.message.lowercased()
    if words.contains("exchange encryption keys") || words.contains("key exchange") {
      return .unsupported(
        detail: "'\(url)' and libssh2 1.10 agree on no key exchange or host key; have the server offer an ed25519 or"
          + " ECDSA host key"
      )
    }
    if words.contains("private key") || words.contains("public key") || words.contains("passphrase") {
      guard case .sshKey(let file, _, _) = credentials else { return nil }
      let detail =
        readText(file) == nil
        ? "the key file '\(file)' can't be read" : "the key '\(file)' can't be used: \(failure.fact)"
      return .authenticationFailed(remote: url.description, detail: detail)
    }
    if words.contains("authenticat") { return refusedCredentials(user: url.user ?? "git") }
    let isMissing = ["not appear to be a git repository", "repository not found", "no such project", "does not exist"]
    if isMissing.contains(where: { words.contains($0) }) { return .noSuchRepository(remote: url.description) }
    return nil
  }

  private func webError(_ failure: LibraryFailure) -> GitError? {
    let words = failure.message.lowercased()
    if words.contains("401") { return refusedCredentials(user: "") }
    if words.contains("403") {
      return .authenticationFailed(remote: url.description, detail: "it knows them, and they may not read this (403)")
    }
    if words.contains("404") || words.contains("410") { return .noSuchRepository(remote: url.description) }
    if words.contains("redirect") {
      let detail = "it redirects elsewhere, which isn't followed; name the address that it redirects to"
      return .unreachable(remote: url.description, detail: detail)
    }
    if failure.area == GIT_ERROR_SSL, words.contains("handshake") || words.contains("alert") {
      return .unsupported(
        detail: "'\(url)' refuses every TLS version that libgit2's mbedTLS 2.28 offers (up to 1.2): \(failure.fact)"
      )
    }
    return nil
  }
}
