import Model

/// Texts of specs without what may be a secret, for where they are kept or shown beyond the repository's readers.
package enum Redaction {
  /// `text` without known shapes of credentials, and its addresses without user information, query and fragment.
  package static func redacted(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result = ""
    var start = 0
    for finding in SecretShapes.findings(in: bytes) {
      result += withoutQueries(String(decoding: bytes[start..<finding.range.lowerBound], as: UTF8.self))
      result += mark
      start = finding.range.upperBound
    }
    return result + withoutQueries(String(decoding: bytes[start...], as: UTF8.self))
  }

  /// The value of a field, by the path that plans name it by.
  ///
  /// What a field of that name holds is a secret wherever it isn't a reference to one.
  package static func redacted(_ value: String, of field: String) -> String {
    let name = field.split(separator: ".").last.map(String.init) ?? field
    let isNamedSo = secretNames.contains { name.lowercased().contains($0) }
    return isNamedSo && !value.hasPrefix("{secret: ") ? mark : redacted(value)
  }

  private static let mark = "‹redacted›"
  /// Of fields and headers. `password` and `bearer_token` hold the names of secrets, which need not be shown either.
  private static let secretNames = ["password", "token", "authorization", "credential", "api-key", "api_key", "cookie"]

  private static func withoutQueries(_ text: String) -> String {
    guard text.contains("://") else { return text }
    var result = ""
    var rest = text[...]
    while let place = rest.firstRange(ofBytes: "://") {
      let scheme = rest[..<place.lowerBound].reversed().prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
      let start = rest.index(place.lowerBound, offsetBy: -scheme.count)
      let end = rest[place.upperBound...].firstIndex { $0.isWhitespace || "\"'<>`,)]}".contains($0) } ?? rest.endIndex
      result += rest[..<start]
      result += redactedURL(String(rest[start..<end]))
      rest = rest[end...]
    }
    return result + rest
  }
}

extension Substring {
  /// The first place of an ASCII text.
  fileprivate func firstRange(ofBytes text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
