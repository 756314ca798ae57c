import JSON
import Model

/// Takes secrets out of texts that another side may have put them into: whole, escaped or encoded, and cut off at the
/// end.
struct SecretMask {
  static let mark = "‹redacted›"

  /// One way to write a secret.
  private struct Form: Hashable {
    let bytes: [UInt8]
    /// How much of its beginning gives something away.
    let shortestPart: Int
  }

  private var forms: Set<Form> = []
  /// What the forms are of.
  private var texts: Set<[UInt8]> = []

  /// `secrets`: what was sent and may not be shown; those that are URLs are taken apart, since errors quote parts of
  /// them.
  init(_ secrets: some Sequence<String>) {
    for secret in secrets {
      if let url = URLParts(secret) {
        add(secret, hiding: url.pathOffset)
        add(url.target)
        add(url.path)
        for part in url.segments where part.looksRandom { add(part) }
        addQuery(of: url)
      } else {
        add(secret)
        // `123456:ABC…`: a bot's number and its key.
        for part in secret.unicodeScalars.split(separator: ":") where part.count >= 16 { add(String(part)) }
      }
    }
  }

  /// Hides query and user information of requests' URLs as well.
  func hiding(partsOf addresses: [String]) -> SecretMask {
    var mask = self
    for address in addresses {
      if let url = URLParts(address) { mask.addQuery(of: url) }
    }
    return mask
  }

  private mutating func addQuery(of url: URLParts) {
    if !url.user.isEmpty {
      add(url.user)
      for part in url.user.unicodeScalars.split(separator: ":") { add(String(part)) }
    }
    add(url.query)
    for (name, value) in url.parameters where value.looksRandom || name.namesSecret {
      add(value)
      add(value.percentDecoded)
    }
  }

  /// The least that is worth hiding: a shorter text is no secret, and stands in every second sentence.
  private static let shortest = 4

  /// `hiding`: how many of its first bytes tell nothing.
  private mutating func add(_ text: String, hiding: Int = 0) {
    guard text.utf8.count >= Self.shortest, texts.insert(Array(text.utf8)).inserted else { return }
    func add(_ form: String, from start: Int = 0) {
      forms.insert(Form(bytes: Array(form.utf8), shortestPart: start + Self.shortest))
    }
    add(text, from: hiding)
    add(text.onOneLine(limit: .max / 2), from: hiding)
    let encoded = text.percentEncoded
    add(encoded, from: hiding)
    add(encoded.lowercasedEscapes, from: hiding)
    add(encoded.replacingBytes("%20", with: "+"), from: hiding)
    let quoted = text.quotedForJSON
    add(quoted, from: hiding)
    add(quoted.replacingBytes("/", with: "\\/"), from: hiding)
    add(quoted.likeGo, from: hiding)
    add(HTML.escaped(text), from: hiding)
    for digits in Self.base64(of: text) where digits.utf8.count >= 6 {
      add(digits)
      add(digits.replacingBytes("+", with: "-").replacingBytes("/", with: "_"))
      add(digits.percentEncoded)
      add(digits.replacingBytes("/", with: "\\/"))
    }
  }

  /// What is the same in base64 wherever the text stands in what was encoded.
  private static func base64(of text: String) -> [String] {
    (0..<3).map { shift in
      let bytes = [UInt8](repeating: 0, count: shift) + text.utf8
      let unknown = (shift * 8 + 5) / 6
      let known = bytes.count * 8 / 6
      return String(bytes.base64.prefix(known).dropFirst(unknown))
    }
  }
}

extension SecretMask {
  /// `text` with a mark in place of each secret.
  func masked(_ text: String) -> String {
    guard !forms.isEmpty, !text.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var isHidden = [Bool](repeating: false, count: bytes.count)
    let ends = Self.ends(of: bytes)
    for form in forms {
      hide(form.bytes, in: bytes, &isHidden)
      for end in ends { hideBeginning(of: form, in: bytes, before: end, &isHidden) }
    }
    guard isHidden.contains(true) else { return text }
    var shown: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if !isHidden[index] {
        shown.append(byte)
      } else if index == 0 || !isHidden[index - 1] {
        shown += Array(Self.mark.utf8)
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }

  private func hide(_ secret: [UInt8], in bytes: [UInt8], _ isHidden: inout [Bool]) {
    guard let first = secret.first, bytes.count >= secret.count else { return }
    for start in 0...(bytes.count - secret.count) where bytes[start] == first {
      let range = start..<start + secret.count
      if bytes[range].elementsEqual(secret) { for index in range { isHidden[index] = true } }
    }
  }

  /// Hides as much of a secret as stands where the text was cut.
  private func hideBeginning(of form: Form, in bytes: [UInt8], before end: Int, _ isHidden: inout [Bool]) {
    let longest = min(form.bytes.count - 1, end)
    guard longest >= form.shortestPart else { return }
    for length in stride(from: longest, through: form.shortestPart, by: -1)
    where bytes[(end - length)..<end].elementsEqual(form.bytes.prefix(length)) {
      for index in (end - length)..<end { isHidden[index] = true }
      return
    }
  }

  /// Where a text may have been cut: at its end, and before each `…`.
  private static func ends(of bytes: [UInt8]) -> [Int] {
    let ellipsis = Array("…".utf8)
    var ends = [bytes.count]
    guard bytes.count >= ellipsis.count else { return ends }
    for start in 0...(bytes.count - ellipsis.count)
    where bytes[start..<start + ellipsis.count].elementsEqual(ellipsis) {
      ends.append(start)
    }
    return ends
  }
}

/// A web address taken apart.
private struct URLParts {
  /// What stands before `@`.
  var user = ""
  /// Path and query.
  var target = ""
  var path = ""
  var query = ""
  /// Where the path begins, in bytes.
  var pathOffset = 0

  init?(_ text: String) {
    let scheme = ["https://", "http://"].first { text.utf8.starts(with: $0.utf8) }
    guard let scheme else { return nil }
    let rest = text.unicodeScalars.dropFirst(scheme.utf8.count)
    let authority = rest.prefix { !"/?#".unicodeScalars.contains($0) }
    if let sign = authority.lastIndex(of: "@") { user = String(authority[..<sign]) }
    let target = rest[authority.endIndex...]
    self.target = String(target)
    path = String(target.prefix { $0 != "?" && $0 != "#" })
    query = String(target.drop { $0 != "?" }.dropFirst())
    pathOffset = scheme.utf8.count + String(authority).utf8.count
  }

  var segments: [String] { path.unicodeScalars.split(separator: "/").map(String.init) }

  var parameters: [(name: String, value: String)] {
    query.unicodeScalars.split(separator: "&").map { pair in
      let name = pair.prefix { $0 != "=" }
      return (String(name), String(pair.dropFirst(name.count + 1)))
    }
  }
}

extension String {
  /// Whether this is no word of an API's paths: it has digits or capitals, or is long.
  fileprivate var looksRandom: Bool {
    if utf8.count >= 16 { return true }
    guard utf8.contains(where: { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }) else { return utf8.count >= 12 }
    return utf8.contains {
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
    }
  }

  /// Whether a parameter of this name mostly holds a secret.
  fileprivate var namesSecret: Bool {
    let name = lowercased()
    return ["key", "token", "secret", "sig", "pass", "auth", "code", "pw"].contains { name.contains($0) }
  }

  /// As it stands in JSON, without the quotes.
  fileprivate var quotedForJSON: String { String(JSONValue.string(self).text.dropFirst().dropLast()) }

  /// JSON as Go writes it, fit for HTML.
  fileprivate var likeGo: String {
    replacingBytes("&", with: "\\u0026").replacingBytes("<", with: "\\u003c").replacingBytes(">", with: "\\u003e")
  }

  /// `%2f` for `%2F`.
  fileprivate var lowercasedEscapes: String {
    var bytes = Array(utf8)
    for index in bytes.indices where bytes[index] == UInt8(ascii: "%") && index + 2 < bytes.count {
      for digit in index + 1...index + 2 where UInt8(ascii: "A")...UInt8(ascii: "F") ~= bytes[digit] {
        bytes[digit] |= 0x20
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// With each `%XX` as the byte that it stands for.
  fileprivate var percentDecoded: String {
    guard utf8.contains(UInt8(ascii: "%")) else { return self }
    let bytes = Array(utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
      {
        decoded.append(byte)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
