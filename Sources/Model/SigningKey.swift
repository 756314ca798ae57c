/// An SSH public key that signs commits: its type and its wire form in base64, without the comment.
package struct SigningKey: Hashable, Sendable, CustomStringConvertible {
  /// Such as `ssh-ed25519` or `ecdsa-sha2-nistp256`.
  package let type: String
  /// The wire form of RFC 4253, section 6.6, in base64 with its padding.
  package let base64: String

  package init(type: String, base64: String) {
    self.type = type
    self.base64 = base64
  }

  /// Reads a line of a public key file: `ssh-ed25519 AAAA… comment`.
  package init?(line: String) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count > 1 else { return nil }
    self.init(type: String(parts[0]), base64: String(parts[1]))
  }

  package var description: String { type + " " + base64 }
}

/// What checking a commit's signature came to. Whose the key is, and what it may do, is judged elsewhere.
package enum SignatureStanding: Hashable, Sendable {
  case unsigned
  /// The commit's own bytes were signed with this key. `fingerprint`: as `ssh-keygen -l` prints it, `SHA256:…`.
  case valid(SigningKey, fingerprint: String)
  /// There is a signature, and it isn't one over this commit; the text says why.
  case invalid(String)
  /// A signature of a sort that isn't checked here, such as OpenPGP's; the text says which, and what is accepted.
  case unsupported(String)
}
