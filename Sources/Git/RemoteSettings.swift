package import Model

/// How to prove to a remote who asks.
package enum Credentials: Hashable, Sendable {
  case none
  /// An access token, sent as the password; forges that look at the user name take `x-access-token`.
  case token(username: String = "x-access-token", Secret)
  case basic(username: String, password: Secret)
  /// A private key file in OpenSSH or PEM form. ed25519 and ECDSA keys work; RSA keys don't (see ``GitError``).
  case sshKey(privateKeyFile: String, publicKeyFile: String? = nil, passphrase: Secret? = nil)
  /// The keys of the ssh agent whose socket this is; for people at their own machine.
  case sshAgent(socket: String)
}

/// Where a repository is, which refs of it are followed, and how it is reached.
package struct RemoteSettings: Hashable, Sendable {
  package let url: RemoteURL
  /// A branch, tag or full ref; `nil` for the remote's default branch.
  package let ref: String?
  /// A second ref, from which only silences are read; it need not exist.
  package let silencesRef: String?
  package var credentials: Credentials
  /// The file that names the server's key; needed for ssh.
  package var knownHostsFile: String?
  /// A PEM file of certificate authorities, in place of the system's.
  package var certificateAuthorityFile: String?
  /// The longest time for looking and for fetching what is new.
  package var deadline: Duration
  /// The longest time for the first fetch, which brings the whole history.
  package var firstDeadline: Duration

  /// Reads and checks the settings.
  ///
  /// User and password in an http address are taken where no `credentials` are given. `HEAD` is the default branch.
  package init(
    url: String, ref: String? = nil, silencesRef: String? = nil, credentials: Credentials = .none,
    knownHostsFile: String? = nil, certificateAuthorityFile: String? = nil,
    deadline: Duration = .seconds(60), firstDeadline: Duration = .seconds(900)
  ) throws(GitError) {
    let (parsed, userInfo) = try RemoteURL.parse(url)
    self.url = parsed
    self.ref = try ref.flatMap { (ref) throws(GitError) in ref == "HEAD" ? nil : try Self.checked(ref: ref) }
    self.silencesRef = try silencesRef.map { (ref) throws(GitError) in try Self.checked(ref: ref) }
    if case .none = credentials, let userInfo {
      self.credentials = .basic(username: userInfo.user, password: userInfo.password ?? Secret(""))
    } else {
      self.credentials = credentials
    }
    self.knownHostsFile = knownHostsFile
    self.certificateAuthorityFile = certificateAuthorityFile
    self.deadline = deadline
    self.firstDeadline = firstDeadline
  }

  /// The part of git's rules for ref names that keeps a name from being read as something else.
  private static func checked(ref: String) throws(GitError) -> String {
    func refused(_ why: String) -> GitError {
      .unusableSetting(detail: "'\(ref)' can't be a ref: \(why); a branch, a tag or a full ref is accepted")
    }
    guard !ref.isEmpty else { throw .unusableSetting(detail: "the ref is empty; leave it out for the default branch") }
    guard !ref.hasPrefix("-") else { throw refused("it begins with '-'") }
    for character in ref.unicodeScalars
    where character.value <= 0x20 || "~^:?*[\\\u{7f}".unicodeScalars.contains(character) {
      throw refused("it has a space, a control character or one of ~^:?*[\\")
    }
    let parts = ref.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") && !$0.hasSuffix(".") }),
      !ref.hasPair(".", "."), !ref.hasPair("@", "{"), ref != "@"
    else { throw refused("git allows no such name") }
    return ref
  }
}

extension String {
  fileprivate func hasPair(_ first: Character, _ second: Character) -> Bool {
    zip(self, dropFirst()).contains { $0 == first && $1 == second }
  }
}
