/// What `Accept-Encoding` allows (RFC 9110 §12.5.3), as far as it matters here.
struct AcceptEncoding: Hashable, Sendable {
  /// Weights in thousandths; `nil` where the header doesn't name the coding.
  private var gzip: Int?
  private var identity: Int?
  private var any: Int?

  /// Reads the header; a part that can't be read counts as not there.
  init(_ header: String?) {
    guard let header else { return }
    for part in header.utf8.split(separator: UInt8(ascii: ",")) {
      var fields = part.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)[...]
      guard let name = fields.popFirst().map(Self.word), let weight = Self.weight(fields) else { continue }
      switch name {
      case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
      case "identity": identity = max(identity ?? 0, weight)
      case "*": any = max(any ?? 0, weight)
      default: break
      }
    }
  }

  /// Whether an answer may be, and rather is, compressed: gzip is accepted, and not less than no coding where the
  /// header says how much that is wanted.
  var wantsGzip: Bool {
    let gzip = gzip ?? any ?? 0
    return gzip > 0 && gzip >= identity ?? 0
  }

  /// Without blanks, in lower case.
  private static func word(_ text: Substring.UTF8View.SubSequence) -> String {
    String(Substring(text).filter { $0 != " " && $0 != "\t" }).lowercased()
  }

  /// The weight of `q=0.5` in thousandths; a thousand where none is given, `nil` where it isn't a weight.
  private static func weight(_ parameters: ArraySlice<Substring.UTF8View.SubSequence>) -> Int? {
    for parameter in parameters {
      let text = word(parameter)
      guard text.hasPrefix("q=") else { continue }
      return weight(text.dropFirst(2))
    }
    return 1000
  }

  /// One digit, a point, up to three digits, from 0 to 1 (RFC 9110 §12.4.2).
  private static func weight(_ text: Substring) -> Int? {
    let digits = text.utf8.filter { $0 != UInt8(ascii: ".") }
    guard
      1...4 ~= digits.count, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      text.utf8.count == digits.count
        || text.utf8.dropFirst().first == UInt8(ascii: ".") && text.utf8.count == digits.count + 1,
      text.utf8.count > digits.count || digits.count == 1
    else { return nil }
    var value = 0
    for index in 0..<4 { value = value * 10 + (index < digits.count ? Int(digits[index] - UInt8(ascii: "0")) : 0) }
    return value <= 1000 ? value : nil
  }
}
