/// A mail address that is safe to hand to a server and to write into a header.
struct MailAddress: Hashable, Sendable {
  /// `Belfry` in `Belfry <alerts@example.com>`; empty where there is none.
  let name: String
  /// `alerts@example.com`.
  let address: String

  /// Reads `address` or `name <address>`; `nil` unless the address has exactly one `@` with something on both sides, at
  /// most 254 bytes, all of them printable ASCII other than space, brackets, quotes, commas and the like.
  init?(_ text: String) {
    var name = ""
    var address = text
    if let bracket = text.utf8.lastIndex(of: UInt8(ascii: "<")), text.utf8.last == UInt8(ascii: ">") {
      name = String(text[..<bracket])
      address = String(text[text.utf8.index(after: bracket)...].dropLast())
    }
    let parts = address.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    // A name with control characters is an attack, not a name.
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }), parts.count == 2, !parts[0].isEmpty,
      !parts[1].isEmpty, address.utf8.count <= 254,
      address.utf8.allSatisfy(Self.isAllowed)
    else { return nil }
    self.address = address
    self.name = name.replacing("\"", with: "").onOneLine(limit: 100)
  }

  /// Reads a list with commas between its addresses; `nil` unless all of them are addresses.
  static func list(_ text: String) -> [MailAddress]? {
    var addresses: [MailAddress] = []
    for piece in text.split(separator: ",") {
      guard let address = MailAddress(String(piece).onOneLine(limit: 400)) else { return nil }
      addresses.append(address)
    }
    return addresses.isEmpty ? nil : addresses
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    0x21...0x7e ~= byte && !#"<>()[]",:;\"#.utf8.contains(byte)
  }

  /// The part behind the `@`.
  var domain: String { String(address.drop { $0 != "@" }.dropFirst()) }

  /// As it stands in a header.
  var header: String {
    guard !name.isEmpty else { return address }
    let isPlain =
      name.utf8.allSatisfy { 0x20...0x7e ~= $0 && !#"()<>[]:;@\,.""#.utf8.contains($0) } && !name.contains("=?")
    return (isPlain ? name : EncodedWord.text(name)) + " <" + address + ">"
  }
}

extension [MailAddress] {
  /// As they stand in a header, one on each line.
  var header: String { map(\.header).joined(separator: ",\r\n ") }
}
