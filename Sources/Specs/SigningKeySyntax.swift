import Model

/// Whether a text is an SSH public key, and what is to be said where it isn't.
enum SigningKeySyntax {
  /// A key that can't be taken, or one that can be and is good for nothing.
  struct Problem {
    let code: DiagnosticCode
    let message: String
    let fix: String
    var isError = true
  }

  /// Reads the line of a public key file.
  ///
  /// - Returns: the key, `nil` where it can't be taken, and what is to be said about it.
  static func read(_ text: String) -> (key: SigningKey?, problem: Problem?) {
    if text.contains("PRIVATE KEY") { return (nil, malformed("this is a private key")) }
    let parts = text.split(omittingEmptySubsequences: true) { $0 == " " || $0 == "\t" }
    let type = parts.first.map(String.init) ?? text
    guard (SigningKey.verifiableTypes + SigningKey.securityTokenTypes).contains(type) else {
      return (
        nil,
        malformed(
          "'\(Wording.short(type))' is not a type of key; ssh-ed25519, ecdsa-sha2-nistp256 and ssh-rsa are")
      )
    }
    guard parts.count > 1 else { return (nil, malformed("the key's own text is missing behind '\(type)'")) }
    let foreign = malformed("the text behind '\(type)' is not a key of that type")
    guard let key = SigningKey(line: text) else { return (nil, foreign) }
    do {
      _ = try key.material()
      return (key, nil)
    } catch .securityToken {
      return (key, securityToken(type))
    } catch .rsaLength(let bits) {
      return (nil, rsaLength(bits))
    } catch {
      return (nil, foreign)
    }
  }

  private static func malformed(_ message: String) -> Problem {
    Problem(
      code: .malformedKey, message: message,
      fix: "write the line of an SSH public key file, such as 'ssh-ed25519 AAAA…'")
  }

  private static func securityToken(_ type: String) -> Problem {
    Problem(
      code: .unverifiableKey, message: "signatures by keys in a security token ('\(type)') are not checked",
      fix: "add a key of another type, such as ssh-ed25519, to sign commits with", isError: false)
  }

  private static func rsaLength(_ bits: Int) -> Problem {
    let range = "\(KeyMaterial.leastRSABits) to \(KeyMaterial.mostRSABits)"
    return Problem(
      code: .unverifiableKey, message: "this RSA key has \(bits) bits; \(range) are accepted",
      fix: "make a new key: ssh-keygen -t ed25519")
  }
}
