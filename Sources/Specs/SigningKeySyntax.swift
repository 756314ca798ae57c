/// The outer shape of an SSH public key: a known type, its base64 blob naming the same type, and maybe a comment.
enum SigningKeySyntax {
  private static let types = [
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
    "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
  ]

  /// What is wrong with a key; `nil` when its shape is that of a key.
  static func problem(_ text: String) -> String? {
    let parts = text.split(separator: " ", omittingEmptySubsequences: true)
    if text.contains("PRIVATE KEY") { return "this is a private key" }
    guard let type = parts.first.map(String.init), types.contains(type) else {
      return "'\(Wording.short(parts.first.map(String.init) ?? text))' is not a type of key;"
        + " ssh-ed25519, ecdsa-sha2-nistp256 and ssh-rsa are"
    }
    guard parts.count > 1 else { return "the key's own text is missing behind '\(type)'" }
    guard let start = base64Prefix(parts[1], bytes: 4 + type.utf8.count), names(type, start) else {
      return "the text behind '\(type)' is not a key of that type"
    }
    return nil
  }

  /// Whether a blob begins with the length of its type's name and that name (RFC 4253, section 6.6).
  private static func names(_ type: String, _ blob: [UInt8]) -> Bool {
    blob.starts(with: [0, 0, 0, UInt8(truncatingIfNeeded: type.utf8.count)])
      && blob.dropFirst(4).elementsEqual(type.utf8)
  }

  /// The first bytes of a base64 text; `nil` when it is shorter, or holds anything else.
  private static func base64Prefix(_ text: Substring, bytes wanted: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    let digits = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
    for digit in digits {
      guard let value = sextet(digit) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        if bytes.count < wanted { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count))) }
        bits &= (1 << UInt32(count)) - 1
      }
    }
    return bytes.count == wanted ? bytes : nil
  }

  private static func sextet(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
