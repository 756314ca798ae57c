import Model

/// The lines around a signature in text: which sort of signature it is, and its bytes.
enum SSHArmor {
  private static let begin = "-----BEGIN SSH SIGNATURE-----"
  private static let end = "-----END SSH SIGNATURE-----"
  /// What is said of signatures of another sort.
  private static let accepted =
    "SSH signatures are: 'git config gpg.format ssh', and 'user.signingkey' with the path of the public key"

  /// The bytes between the lines of an SSH signature.
  static func decode(_ text: String) throws(SignatureFault) -> [UInt8] {
    var lines = text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline)[...]
    guard let first = lines.popFirst() else { throw .invalid("the signature is empty") }
    guard first == begin else { throw fault(ofFirstLine: first) }
    guard let last = lines.popLast(), last == end else {
      throw .invalid("the signature doesn't end with '\(end)'")
    }
    let digits = lines.joined()
    guard let bytes = digits.utf8.base64Decoded, bytes.base64 == digits else {
      throw .invalid("the signature's text is not base64")
    }
    return bytes
  }

  /// The first lines of other signatures are those that git knows.
  private static func fault(ofFirstLine line: Substring) -> SignatureFault {
    switch line {
    case "-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----":
      .unsupported("OpenPGP signatures are not checked; \(accepted)")
    case "-----BEGIN SIGNED MESSAGE-----":
      .unsupported("X.509 signatures are not checked; \(accepted)")
    default: .invalid("the signature doesn't begin with '\(begin)'")
    }
  }
}
