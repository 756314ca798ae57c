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

  /// Reads a line of a public key file: `ssh-ed25519 AAAA… comment`; `nil` where the second word isn't base64.
  ///
  /// Padding that is missing is added, so that keys are equal when their bytes are.
  package init?(line: String) {
    let parts = line.split(omittingEmptySubsequences: true) { $0 == " " || $0 == "\t" }
    guard parts.count > 1, let wire = parts[1].utf8.base64Decoded else { return nil }
    self.init(type: String(parts[0]), base64: wire.base64)
  }

  /// The key of this wire form; `nil` where that doesn't begin with the name of a type.
  package init?(wire: [UInt8]) {
    var fields = SSHFields(wire)
    guard let type = fields.string(), let name = String(validating: type, as: UTF8.self), !name.isEmpty
    else { return nil }
    self.init(type: name, base64: wire.base64)
  }

  /// The wire form itself; empty where ``base64`` isn't base64.
  package var wire: [UInt8] { base64.utf8.base64Decoded ?? [] }

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
