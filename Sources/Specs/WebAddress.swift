/// The parts of an `http` or `https` URL that a spec is checked for.
struct WebAddress: Hashable {
  /// Why a text is not such a URL.
  enum Problem: Error, Hashable {
    case scheme, host, port, blank
  }

  let scheme: String
  /// Without brackets.
  let host: String
  let port: Int?
  let hasPassword: Bool

  init(_ text: String) throws(Problem) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { throw .blank }
    let bytes = Array(text.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .scheme }
    scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
    guard scheme == "http" || scheme == "https", bytes[colon...].starts(with: "://".utf8) else { throw .scheme }
    let rest = bytes[(colon + 3)...]
    var authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      hasPassword = authority[..<at].contains(UInt8(ascii: ":"))
      authority = authority[(at + 1)...]
    } else {
      hasPassword = false
    }
    let (host, port) = try Self.split(authority)
    self.host = host
    self.port = port
  }

  private static func split(_ authority: ArraySlice<UInt8>) throws(Problem) -> (String, Int?) {
    var host = authority
    var port: ArraySlice<UInt8>?
    if authority.first == UInt8(ascii: "[") {
      guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .host }
      host = authority[(authority.startIndex + 1)..<end]
      let behind = authority[(end + 1)...]
      guard behind.isEmpty || behind.first == UInt8(ascii: ":") else { throw .host }
      port = behind.isEmpty ? nil : behind.dropFirst()
    } else if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
      host = authority[..<colon]
      port = authority[(colon + 1)...]
    }
    guard !host.isEmpty else { throw .host }
    let name = String(decoding: host, as: UTF8.self)
    guard let port else { return (name, nil) }
    return (name, try number(port))
  }

  private static func number(_ digits: ArraySlice<UInt8>) throws(Problem) -> Int {
    guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      let number = Int(String(decoding: digits, as: UTF8.self)), 1...65_535 ~= number
    else { throw .port }
    return number
  }

  /// Whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1.
  var isLoopback: Bool { Self.isLoopback(host) }

  /// Whether a host's name or address is this machine's own.
  static func isLoopback(_ host: String) -> Bool {
    let host = host.lowercased()
    return host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }
}
