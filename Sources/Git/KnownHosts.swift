import Model

/// The lines of a known_hosts file, as sshd(8) describes them.
struct KnownHosts: Sendable {
  /// What a file says of a server's key.
  enum Verdict: Hashable, Sendable {
    case known
    /// No line names the host.
    case unknown
    /// Lines name the host, with other keys of this type.
    case changed
    /// Lines name the host, with keys of these other types alone.
    case otherTypes([String])
    case revoked
    /// The host's keys are vouched for by a certificate authority, which libssh2 can't check.
    case certificateAuthority
  }

  /// One line.
  private struct Line {
    var marker: Substring?
    var hosts: Substring
    var type: Substring
    var key: [UInt8]
  }

  private let lines: [Line]

  /// Reads a file's text; comments, empty lines and lines that aren't of the format say nothing.
  init(_ text: String) {
    lines = text.split(whereSeparator: \.isNewline).compactMap { line in
      var parts = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
      guard let first = parts.first, !first.hasPrefix("#") else { return nil }
      let marker = first.hasPrefix("@") ? parts.popFirst() : nil
      guard parts.count >= 3, let key = parts[parts.startIndex + 2].utf8.base64Decoded else { return nil }
      return Line(marker: marker, hosts: parts[parts.startIndex], type: parts[parts.startIndex + 1], key: key)
    }
  }

  /// Judges the key that a server shows.
  func verdict(host: String, port: Int, type: String, key: [UInt8]) -> Verdict {
    let name = port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
    let matching = lines.filter { Self.matches($0.hosts, name) }
    if matching.contains(where: { $0.marker == "@revoked" && $0.key == key }) { return .revoked }
    let plain = matching.filter { $0.marker == nil }
    if plain.contains(where: { $0.key == key }) { return .known }
    if plain.contains(where: { $0.type == type }) { return .changed }
    guard plain.isEmpty else { return .otherTypes(Set(plain.map { String($0.type) }).sorted()) }
    return matching.contains { $0.marker == "@cert-authority" } ? .certificateAuthority : .unknown
  }

  /// Whether a line's first field names the host: a hash, or a comma list of patterns of which none that begins with
  /// `!` matches.
  private static func matches(_ hosts: Substring, _ name: String) -> Bool {
    if hosts.hasPrefix("|1|") { return matchesHash(hosts, name) }
    var isNamed = false
    for pattern in hosts.split(separator: ",") {
      if pattern.hasPrefix("!") {
        if isMatch(Array(pattern.dropFirst().lowercased().utf8)[...], Array(name.utf8)[...]) { return false }
      } else if isMatch(Array(pattern.lowercased().utf8)[...], Array(name.utf8)[...]) {
        isNamed = true
      }
    }
    return isNamed
  }

  /// `|1|salt|hash`: the HMAC-SHA1 of the name under the salt.
  private static func matchesHash(_ field: Substring, _ name: String) -> Bool {
    let parts = field.split(separator: "|")
    guard parts.count == 3, let salt = parts[1].utf8.base64Decoded, let hash = parts[2].utf8.base64Decoded else {
      return false
    }
    return SHA1.authenticate(Array(name.utf8), key: salt) == hash
  }

  /// Whether `text` fits a pattern of `*` and `?`, in time proportional to the product of the lengths at worst.
  private static func isMatch(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    var (pattern, text) = (pattern, text)
    var star: (pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>)?
    while let byte = text.first {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        star = (pattern, text)
      } else if let wanted = pattern.first, wanted == byte || wanted == UInt8(ascii: "?") {
        (pattern, text) = (pattern.dropFirst(), text.dropFirst())
      } else if let from = star {
        (pattern, text) = (from.pattern, from.text.dropFirst())
        star = (pattern, text)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
